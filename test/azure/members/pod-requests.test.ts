import { expect, test } from "vitest";
import { requestsOf } from "../../../shared/azure/members/pod-requests.ts";
import { formatAmounts } from "../../../shared/azure/members/resource-amounts.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const asks = (cpu: string, memory: string, more: JsonObject = {}): JsonObject => ({
  ...more,
  resources: { requests: { cpu, memory }, limits: { cpu: "64", memory: "64Gi" } },
});
const sidecar = (cpu: string, memory: string) => asks(cpu, memory, { restartPolicy: "Always" });

test.each<[name: string, spec: Json, cpu: string, memory: string]>([
  [
    "its containers together",
    { containers: [asks("1", "1Mi"), asks("500m", "2Mi")] },
    "1500m",
    "3072Ki",
  ],
  ["nothing when it asks for nothing", { containers: [{ name: "web" }] }, "0", "0"],
  [
    "nothing of what is only its limit",
    { containers: [{ resources: { limits: { cpu: "1" } } }] },
    "0",
    "0",
  ],
  [
    "nothing of volumes and devices",
    { containers: [{ resources: { requests: { "nvidia.com/gpu": "1" } } }] },
    "0",
    "0",
  ],
  [
    "its largest init container when that asks for more, each resource by itself",
    { initContainers: [asks("3", "1Mi"), asks("2", "9Mi")], containers: [asks("1", "4Mi")] },
    "3",
    "9216Ki",
  ],
  [
    "its containers when they ask for more than each init container",
    { initContainers: [asks("2", "1Mi"), asks("2", "1Mi")], containers: [asks("3", "4Mi")] },
    "3",
    "4096Ki",
  ],
  [
    "its sidecars beside its containers",
    { initContainers: [sidecar("1", "1Mi")], containers: [asks("2", "2Mi")] },
    "3",
    "3072Ki",
  ],
  [
    "the sidecars that started before an init container beside that",
    {
      initContainers: [sidecar("1", "1Mi"), asks("5", "5Mi"), sidecar("2", "2Mi")],
      containers: [asks("1", "1Mi")],
    },
    "6",
    "6144Ki",
  ],
  [
    "its overhead on top",
    {
      overhead: { cpu: "250m", memory: "1Mi" },
      initContainers: [asks("2", "1Mi")],
      containers: [asks("1", "1Mi")],
    },
    "2250m",
    "2048Ki",
  ],
  [
    "what it asks for as a whole instead, where it says so",
    {
      resources: { requests: { cpu: "5" } },
      overhead: { cpu: "1" },
      containers: [asks("1", "1Mi")],
    },
    "6",
    "1024Ki",
  ],
  ["nothing of what is no container", { initContainers: [null, 1], containers: "x" }, "0", "0"],
  ["nothing without a spec", null, "0", "0"],
])("a pod takes %s", (_name, spec, cpu, memory) => {
  expect(formatAmounts(requestsOf({ spec }))).toEqual({ cpu, memory });
});

test("any pod takes something or nothing, never less, and is no error", () => {
  const amounts = fc.record({
    requests: fc.dictionary(
      fc.constantFrom("cpu", "memory"),
      fc.oneof(fc.jsonValue(), fc.constantFrom("1", "-1", "1e99", "5Ei")),
    ),
  });
  const containers = fc.oneof(
    fc.jsonValue(),
    fc.array(
      fc.record({
        resources: fc.oneof(fc.jsonValue(), amounts),
        restartPolicy: fc.constantFrom("Always", "Never", null),
      }),
    ),
  );
  const pods = fc.record({
    containers,
    initContainers: containers,
    overhead: fc.jsonValue(),
    resources: fc.oneof(fc.jsonValue(), amounts),
  });
  fc.assert(
    fc.property(pods, (spec) => {
      const { cpu, memory } = requestsOf({ spec: spec as unknown as Json });
      expect(cpu >= 0n && memory >= 0n).toBe(true);
    }),
  );
});
