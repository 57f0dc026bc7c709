import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { gadgetDefinition } from "./definition-fixture.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const path = `${definitions}/gadgets.example.com`;

async function patched(storedVersions: readonly Json[]) {
  const { ask } = await kubeFixture();
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: "object" } },
  });
  const definition = gadgetDefinition();
  const withVersions = (...versions: Json[]) => ({
    ...definition,
    spec: { ...(definition["spec"] as object), versions },
  });
  await ask("POST", definitions, withVersions(version("v1", true), version("v2", false)));
  const how = { type: mergePatchType };
  const moved = withVersions(version("v1", false), version("v2", true));
  const { body } = await ask("PATCH", path, moved, how);
  expect(at(body, "status", "storedVersions")).toEqual(["v1", "v2"]);
  return await ask("PATCH", `${path}/status`, { status: { storedVersions } }, how);
}

test("a version that nothing is stored as any more is taken out of the status", async () => {
  const { status, body } = await patched(["v2"]);
  expect(status).toBe(200);
  expect(at(body, "status", "storedVersions")).toEqual(["v2"]);
});

test.each<[stored: readonly string[], field: string, because: string]>([
  [["v1"], "status.storedVersions", '["v1"]: must have the storage version v2'],
  [[], "status.storedVersions", "[]: must have at least one stored version"],
])("a status whose stored versions are %j is refused", async (stored, field, because) => {
  const { status, body } = await patched(stored);
  expect(status).toBe(422);
  expect(at(body, "details", "causes")).toEqual([
    { reason: "FieldValueInvalid", field, message: `Invalid value: ${because}` },
  ]);
});
