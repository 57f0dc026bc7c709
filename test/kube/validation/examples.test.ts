import { readdirSync, readFileSync } from "node:fs";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { objectOf, omit, textOf } from "../../../shared/kube/json.ts";
import { apiVersionOf, splitApiVersion } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type KubeFixture, kubeFixture } from "../kube-fixture.ts";
import { learntFixture, learntKinds } from "../openapi/learnt-kinds.ts";
import { withServerDefaults } from "./with-server-defaults.ts";

const folder = new URL("examples/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const examplesIn = (file: string) =>
  loadAll(readFileSync(new URL(file, folder), "utf8"), { schema: CORE_SCHEMA }) as JsonObject[];

const metadataOf = (object: JsonObject): JsonObject => objectOf(object["metadata"]);

/** Where objects of its kind are. */
function collectionOf(object: JsonObject): string {
  const [group, version] = splitApiVersion(String(object["apiVersion"]));
  const kind = learntKinds.findKind(group, String(object["kind"]));
  if (kind === undefined) throw new Error(`no such kind: ${JSON.stringify(object)}`);
  const namespace = textOf(metadataOf(object)["namespace"]) ?? "default";
  const start = group === "" ? "/api" : "/apis";
  const place = kind.namespaced ? `/namespaces/${namespace}` : "";
  return `${start}/${apiVersionOf({ group }, version)}${place}/${kind.plural}`.replace("//", "/");
}

/** What the API says to a request; empty when it does what is asked. */
async function refusal({ ask }: KubeFixture, method: string, object: JsonObject) {
  const collection = collectionOf(object);
  const name = textOf(metadataOf(object)["name"]);
  const path = method === "POST" ? collection : `${collection}/${name}`;
  const { status, body } = await ask(method, `${path}?fieldValidation=Strict`, object);
  const isDone = status === (method === "POST" ? 201 : 200);
  const why = `${method} ${object["kind"]} ${name}: ${body["message"]}`;
  return { stored: body, refused: isDone ? [] : [why] };
}

/** Creates the object, changes nothing, and goes to the other form and back. */
async function refusals(api: KubeFixture, first: JsonObject, other: JsonObject) {
  const { stored, refused } = await refusal(api, "POST", first);
  if (refused.length > 0) return refused;
  const name = metadataOf(stored)["name"] ?? null;
  const found = [refused];
  for (const form of [stored, other, first]) {
    const metadata = { ...omit(metadataOf(form), form === stored ? [] : ["uid"]), name };
    found.push((await refusal(api, "PUT", { ...form, metadata })).refused);
  }
  return found.flat();
}

async function makeNamespaces({ ask }: KubeFixture, examples: readonly JsonObject[]) {
  const names = new Set(examples.map((each) => textOf(metadataOf(each)["namespace"])));
  for (const name of names) {
    if (name !== undefined) await ask("POST", "/api/v1/namespaces", { metadata: { name } });
  }
}

async function refusalsOf(file: string, api: KubeFixture, order: (forms: Forms) => Forms) {
  const examples = examplesIn(file);
  await makeNamespaces(api, examples);
  const found: string[] = [];
  for (const each of examples) {
    const [first, other] = order([each, withServerDefaults(each)]);
    found.push(...(await refusals(api, first, other)));
  }
  return { found, count: examples.length };
}

type Forms = readonly [first: JsonObject, other: JsonObject];

test.each(files)("what people write is taken, and what a server makes of it: %s", async (file) => {
  const { found, count } = await refusalsOf(file, await learntFixture(), (forms) => forms);
  expect(found).toEqual([]);
  expect(count).toBeGreaterThan(0);
});

test.each(files)("what a server shows is taken, also of unknown structure: %s", async (file) => {
  const { found } = await refusalsOf(file, await kubeFixture(), ([short, full]) => [full, short]);
  expect(found).toEqual([]);
});
