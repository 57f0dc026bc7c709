import { expect, test } from "vitest";
import { configMap, configMaps, kubeFixture, requestOf } from "../kube-fixture.ts";

async function textOf(path: string, headers: Readonly<Record<string, string>> = {}) {
  const { ask, send } = await kubeFixture();
  await ask("POST", configMaps, configMap("a", { b: "c" }));
  return await (await send(requestOf("GET", path, undefined, { headers }))).text();
}

const curl = { "user-agent": "curl/8.5.0" };
const isIndented = (text: string): boolean => /^\{\n {2}"/.test(text) && text.endsWith("\n}\n");

test.each<[path: string, headers: Readonly<Record<string, string>>]>([
  [`${configMaps}/a?pretty=true`, {}],
  [`${configMaps}/a?pretty=1`, {}],
  [`${configMaps}/a`, curl],
  [`${configMaps}/a?pretty=`, curl],
  [configMaps, { "user-agent": "Wget/1.21" }],
  [configMaps, { "user-agent": "Mozilla/5.0 (X11)" }],
  [configMaps, { ...curl, accept: "application/json;as=Table;g=meta.k8s.io;v=v1" }],
  [`${configMaps}/none`, curl],
  ["/apis/apps/v1", curl],
  ["/api?pretty=true", {}],
  ["/nothing/at/all?pretty=true&x=", { accept: "application/json" }],
])("%s is indented for %j", async (path, headers) => {
  const text = await textOf(path, headers);
  expect(isIndented(text) || text === "404 page not found\n").toBe(true);
});

test.each<[path: string, headers: Readonly<Record<string, string>>]>([
  [`${configMaps}/a`, {}],
  [`${configMaps}/a?pretty=false`, curl],
  [`${configMaps}/a?pretty=yes`, curl],
  [`${configMaps}/a`, { "user-agent": "kubectl/v1.34.0" }],
  [`${configMaps}/a`, { "user-agent": "Mozilla/4.0" }],
  [`${configMaps}?watch=1&timeoutSeconds=1&pretty=true`, {}],
  ["/openapi/v3?pretty=true", {}],
])("%s is in one line for %j", async (path, headers) => {
  const text = (await textOf(path, headers)).trimStart();
  expect(text).toMatch(/^\{"[^\n]*\n/);
});

test("YAML stays YAML, and nothing of what is said gets lost", async () => {
  expect(await textOf(`${configMaps}/a`, { ...curl, accept: "application/yaml" })).toMatch(
    /^apiVersion: v1\n/,
  );
  const [plain, pretty] = [await textOf(`${configMaps}/a`), await textOf(`${configMaps}/a`, curl)];
  expect(JSON.parse(pretty)).toEqual(JSON.parse(plain));
});
