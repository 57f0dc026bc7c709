import { expect, test } from "vitest";
import type { AccessAttributes } from "../../../shared/kube/kube-api.ts";
import { configMap, configMaps, kubeFixture, requestOf } from "../kube-fixture.ts";

/** The names that come with the first events of a watch of one second. */
async function watched(path: string, query = "") {
  const asked: AccessAttributes[] = [];
  const { ask, send } = await kubeFixture({
    authorize: (attributes) => {
      asked.push(attributes);
      return { allowed: true };
    },
  });
  for (const name of ["a", "b"]) await ask("POST", configMaps, configMap(name));
  const response = await send(requestOf("GET", `${path}?timeoutSeconds=1${query}`));
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  const names = lines.map((line) => /"name":"([^"]*)"/.exec(line)?.[1]);
  return { status: response.status, names, asked: asked.at(-1) };
}

test.each<[path: string, names: readonly string[]]>([
  ["/api/v1/watch/configmaps", ["a", "b"]],
  ["/api/v1/watch/namespaces/shop/configmaps", ["a", "b"]],
  ["/api/v1/watch/namespaces/shop/configmaps/b", ["b"]],
  ["/api/v1/watch/namespaces/default/configmaps", []],
  ["/api/v1/watch/namespaces", ["default", "shop"]],
  ["/api/v1/watch/namespaces/shop", ["shop"]],
  ["/apis/apps/v1/watch/namespaces/shop/deployments", []],
])("%s is watched", async (path, names) => {
  const found = await watched(path);
  expect(found).toMatchObject({ status: 200, names, asked: { verb: "watch" } });
});

test("who watches one object sees that one, and what else narrows it counts", async () => {
  const one = "/api/v1/watch/namespaces/shop/configmaps/a";
  const { names, asked } = await watched(one, "&fieldSelector=metadata.namespace%3Dshop");
  expect(names).toEqual(["a"]);
  expect(asked).toMatchObject({ verb: "watch", resource: "configmaps", namespace: "shop" });
});

test("nothing else is below the old prefix", async () => {
  const { ask } = await kubeFixture();
  expect((await ask("GET", "/api/v1/watch")).status).toBe(404);
  expect((await ask("GET", "/api/v1/watch/nothings")).status).toBe(404);
  expect((await ask("POST", "/api/v1/watch/namespaces", {})).status).toBe(404);
  expect((await ask("DELETE", "/api/v1/watch/namespaces/shop")).status).toBe(404);
});
