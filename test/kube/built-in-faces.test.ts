import { expect, test } from "vitest";
import { fromAutoscalerV1, toAutoscalerV1 } from "../../shared/kube/built-in/autoscaler-v1.ts";
import type { KubeObject } from "../../shared/kube/served-kind.ts";
import { configMap, configMaps, kubeFixture } from "./kube-fixture.ts";

const cpu = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});
const memory = {
  type: "Resource",
  resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } },
};

test.each([
  ["nothing", {}],
  ["CPU", { metrics: [cpu(80)] }],
  ["CPU and memory", { metrics: [cpu(80), memory] }],
  ["memory and a behaviour", { metrics: [memory], behavior: { scaleUp: { policies: [] } } }],
])("an autoscaler of %s is the same after a client of v1 read and wrote it", (_name, spec) => {
  const object: KubeObject = {
    ...{ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
    metadata: { name: "web", annotations: { note: "x" } },
    spec: { maxReplicas: 5, ...spec },
    status: { desiredReplicas: 1, conditions: [{ type: "AbleToScale", status: "True" }] },
  };
  const first = toAutoscalerV1(object);
  expect(first["spec"]).not.toHaveProperty("metrics");
  expect(fromAutoscalerV1(first)).toEqual(object);
});

const events = "/namespaces/shop/events";

test("an event of either group is the same document under other names", async () => {
  const { ask } = await kubeFixture();
  const about = { kind: "ConfigMap", name: "a", namespace: "shop" };
  const body = {
    metadata: { name: "e" },
    regarding: about,
    note: "hello",
    reason: "Seen",
    type: "Normal",
    action: "Look",
    eventTime: "2026-11-21T12:00:00.000000Z",
    reportingController: "example.com/looker",
    reportingInstance: "looker-1",
  };
  const made = await ask("POST", `/apis/events.k8s.io/v1${events}`, body);
  expect(made.status).toBe(201);
  const core = await ask("GET", `/api/v1${events}/e`);
  expect(core.body).toMatchObject({ apiVersion: "v1", involvedObject: about, message: "hello" });
  expect(core.body).not.toHaveProperty("note");
  expect((await ask("DELETE", `/api/v1${events}/e`)).status).toBe(200);
  expect((await ask("GET", `/apis/events.k8s.io/v1${events}/e`)).status).toBe(404);
});

test("what is immutable stays as it is, and the type of a Secret does", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, { ...configMap("fixed", { a: "1" }), immutable: true });
  const next = { ...configMap("fixed", { a: "2" }), immutable: false };
  const refused = await ask("PUT", `${configMaps}/fixed`, next);
  expect(refused).toMatchObject({
    status: 422,
    body: { details: { causes: [{ field: "immutable" }, { field: "data" }] } },
  });
  const secrets = "/api/v1/namespaces/shop/secrets";
  await ask("POST", secrets, { metadata: { name: "s" }, type: "Opaque" });
  const other = await ask("PUT", `${secrets}/s`, { metadata: { name: "s" }, type: "other" });
  expect(other.body["message"]).toBe(
    'Secret "s" is invalid: type: Invalid value: "other": field is immutable',
  );
});
