/** Who cleans up after a placement relies on its finalizer, whatever its owners send. */
import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { placementFinalizer } from "../../../shared/placement/model.ts";
import { hubInMemory } from "../hub-in-memory.ts";

const placements = "/apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
const path = `${placements}/demo`;
const placement = {
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata: { name: "demo" },
  spec: { resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name: "demo" }] },
};
const merge = { "content-type": "application/merge-patch+json" };
const apply = { "content-type": "application/apply-patch+yaml" };

async function placed() {
  const hub = await hubInMemory();
  const { status } = await hub.ask("POST", `${placements}?fieldManager=maker`, placement);
  expect(status).toBe(201);
  return hub;
}

const finalizersIn = (body: JsonObject) => at(body, "metadata", "finalizers");

test("a finalizer that the hub adds belongs to nobody", async () => {
  const { ask } = await placed();
  const { body } = await ask("GET", path);
  expect(finalizersIn(body)).toEqual([placementFinalizer]);
  expect(JSON.stringify(at(body, "metadata", "managedFields"))).not.toContain("f:finalizers");
});

test("moving to server-side apply does not take it away", async () => {
  const { ask } = await placed();
  // As kubectl moves what it applied: the maker's fields become the applier's, and then it applies.
  const { body } = await ask("GET", path);
  const [made] = at(body, "metadata", "managedFields") as readonly JsonObject[];
  const managedFields = [{ ...made, manager: "kubectl", operation: "Apply" }];
  await ask("PATCH", path, { metadata: { managedFields } }, merge);
  const applied = await ask("PATCH", `${path}?fieldManager=kubectl&force=true`, placement, apply);
  expect(applied.status).toBe(200);
  expect(finalizersIn(applied.body)).toEqual([placementFinalizer]);
});

test("whoever owns it from before gives it up, and it stays", async () => {
  const { ask } = await placed();
  const { body } = await ask("GET", path);
  const managedFields = [
    {
      ...(at(body, "metadata", "managedFields") as readonly JsonObject[])[0],
      manager: "kubectl",
      operation: "Apply",
      fieldsV1: {
        "f:metadata": { "f:finalizers": { [`v:${JSON.stringify(placementFinalizer)}`]: {} } },
        "f:spec": { "f:resourceSelectors": {} },
      },
    },
  ];
  await ask("PATCH", path, { metadata: { managedFields } }, merge);
  const applied = await ask("PATCH", `${path}?fieldManager=kubectl&force=true`, placement, apply);
  expect(finalizersIn(applied.body)).toEqual([placementFinalizer]);
});

test.each<[how: string, method: string, body: JsonObject, headers?: Record<string, string>]>([
  ["a patch", "PATCH", { metadata: { finalizers: null } }, merge],
  ["a patch with another one", "PATCH", { metadata: { finalizers: ["a.b/c"] } }, merge],
  ["a PUT", "PUT", {}],
])(
  "%s that leaves it out keeps it while the placement lives",
  async (_how, method, change, more) => {
    const { ask } = await placed();
    const { body } = await ask("GET", path);
    const { finalizers: _, ...metadata } = body["metadata"] as JsonObject;
    const sent = method === "PUT" ? { ...body, metadata } : change;
    const changed = await ask(method, path, sent, more);
    expect(changed.status).toBe(200);
    expect(finalizersIn(changed.body)).toContain(placementFinalizer);
  },
);

test("who has deleted a placement may let it go without the cleaning up", async () => {
  const { ask } = await placed();
  await ask("DELETE", path);
  expect((await ask("GET", path)).status).toBe(200);
  await ask("PATCH", path, { metadata: { finalizers: null } }, merge);
  expect((await ask("GET", path)).status).toBe(404);
});
