import { expect, test } from "vitest";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { type KubeFixture, kubeFixture, mergePatchType } from "../../kube-fixture.ts";

const services = "/api/v1/namespaces/shop/services";
const ports = [{ name: "http", port: 80, nodePort: 30_080 }];
const balanced = {
  type: "LoadBalancer",
  ports,
  externalTrafficPolicy: "Local",
  healthCheckNodePort: 30_081,
  allocateLoadBalancerNodePorts: true,
};

async function withService(spec: JsonObject): Promise<KubeFixture["ask"]> {
  const { ask } = await kubeFixture();
  const made = await ask("POST", services, { metadata: { name: "web" }, spec });
  expect(made.status).toBe(201);
  return ask;
}

test.each<[to: string, patch: JsonObject, spec: JsonObject]>([
  ["ClusterIP", { type: "ClusterIP" }, { type: "ClusterIP", ports: [{ name: "http", port: 80 }] }],
  ["the default", { type: null }, { ports: [{ name: "http", port: 80 }] }],
  ["NodePort", { type: "NodePort" }, { type: "NodePort", ports, externalTrafficPolicy: "Local" }],
])("a Service that becomes %s loses what its former type alone could use", async (...row) => {
  const [, patch, spec] = row;
  const ask = await withService(balanced);
  const how = { type: mergePatchType };
  const { status, body } = await ask("PATCH", `${services}/web`, { spec: patch }, how);
  expect(status).toBe(200);
  expect(body["spec"]).toEqual(spec);
});

test("what is new in the change is not taken for a leftover, and is refused", async () => {
  const ask = await withService(balanced);
  const patch = { spec: { type: "ClusterIP", loadBalancerClass: "example.com/other" } };
  const { status } = await ask("PATCH", `${services}/web`, patch, { type: mergePatchType });
  expect(status).toBe(422);
});

test("a Service that stays what it is stays as it is", async () => {
  const ask = await withService(balanced);
  const patch = { metadata: { labels: { tier: "front" } } };
  const { body } = await ask("PATCH", `${services}/web`, patch, { type: mergePatchType });
  expect(body["spec"]).toEqual(balanced);
});
