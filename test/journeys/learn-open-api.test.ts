/** The hub is usable without members, and knows Kubernetes' own kinds after the first one. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { at } from "../../shared/kube/json.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { type Ask, asker, fleetIdOf, tokenOf } from "./ask.ts";
import { differs, eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { joined, taggedCluster } from "./members.ts";
import { deployment } from "./objects.ts";

let laptop: Laptop;
let ask: Ask;
beforeAll(async () => {
  laptop = await startLaptop();
  const base = `${laptop.cloud.host().url}${fleetIdOf(laptop)}/hub`;
  ask = asker(base, await tokenOf(laptop));
}, 60_000);
afterAll(endLaptops);

const deployments = "apis/apps/v1/namespaces/default/deployments";
const strict = `${deployments}?fieldValidation=Strict`;

/** A Deployment with a field that Kubernetes does not know. */
function mistyped(name: string): JsonObject {
  const web = deployment("default", name) as unknown as JsonObject;
  return { ...web, spec: { ...(web["spec"] as JsonObject), replica: 3 } };
}

const replicasOf = (document: unknown) =>
  at(
    document as JsonObject,
    ...["components", "schemas", "io.k8s.api.apps.v1.DeploymentSpec", "properties", "replicas"],
  );

test("without members, any field of a built-in kind is taken and nothing is explained", async () => {
  const made = await ask(`POST ${strict}`, { body: mistyped("before") });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ spec: { replica: 3 } });
  const document = await ask("GET openapi/v3/apis/apps/v1");
  expect(document.status).toBe(200);
  expect(replicasOf(document.body)).toBeUndefined();
});

test("once a cluster joined, its schemas are the hub's", async () => {
  await createClusters(laptop.aks, [taggedCluster(laptop, "aks-first")]);
  await joined(laptop, ["aks-first"]);
  await eventually({
    expected: "the hub explains deployment.spec.replicas",
    look: async () => replicasOf((await ask("GET openapi/v3/apis/apps/v1")).body),
    missing: (replicas) => differs(at(replicas, "format"), "int32"),
  });
  const refused = await ask(`POST ${strict}`, { body: mistyped("after") });
  expect([refused.status, at(refused.body as JsonObject, "message")]).toEqual([
    400,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ' +
      'unknown field "spec.replica"',
  ]);
}, 90_000);

test("what was taken before goes on: it is changed without its unknown field", async () => {
  const label = { metadata: { labels: { tier: "front" } } };
  const changed = await ask(`PATCH ${deployments}/before?fieldValidation=Strict`, {
    body: label,
    type: "application/merge-patch+json",
  });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({ metadata: label.metadata, spec: { replicas: 2 } });
  expect(at(changed.body as JsonObject, "spec", "replica")).toBeUndefined();
});
