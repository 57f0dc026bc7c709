/** Objects of kinds that controllers and tools make, sent in protobuf and in JSON. */
import { expect, test } from "vitest";
import { apiVersionOf } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../kube-fixture.ts";
import { writeBody, writeMessage } from "./write-message.ts";

interface Sent {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly object: JsonObject;
}

const service = { namespace: "shop", name: "hook", path: "/check", port: 443 };
const rule = {
  operations: ["CREATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments"],
  scope: "*",
};
const webhook = {
  name: "hook.a.com",
  clientConfig: { service, caBundle: "aGk=" },
  rules: [rule],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};
const names = { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" };
const thing = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer", minimum: 0, default: 0 },
        tags: { type: "array", items: { type: "string" }, maxItems: 3 },
        labels: { type: "object", additionalProperties: { type: "string" } },
      },
      "x-kubernetes-validations": [{ rule: "self.size < 10", message: "is too large" }],
    },
  },
};

const sent: readonly Sent[] = [
  {
    group: "",
    kind: "Node",
    plural: "nodes",
    object: {
      metadata: { name: "one" },
      spec: { taints: [{ key: "a.com/b", effect: "NoSchedule" }], unschedulable: true },
    },
  },
  {
    group: "",
    kind: "PersistentVolume",
    plural: "persistentvolumes",
    object: {
      metadata: { name: "one" },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        csi: { driver: "a.com", volumeHandle: "b" },
      },
    },
  },
  {
    group: "storage.k8s.io",
    kind: "StorageClass",
    plural: "storageclasses",
    object: { metadata: { name: "fast" }, provisioner: "a.com/disk", parameters: { a: "b" } },
  },
  {
    group: "node.k8s.io",
    kind: "RuntimeClass",
    plural: "runtimeclasses",
    object: { metadata: { name: "safe" }, handler: "safe", overhead: { podFixed: { cpu: "1" } } },
  },
  {
    group: "resource.k8s.io",
    kind: "DeviceClass",
    plural: "deviceclasses",
    object: {
      metadata: { name: "gpu" },
      spec: {
        selectors: [{ cel: { expression: 'device.driver == "a.com"' } }],
        config: [
          { opaque: { driver: "a.com", parameters: { kind: "A", apiVersion: "a.com/v1" } } },
        ],
      },
    },
  },
  {
    group: "admissionregistration.k8s.io",
    kind: "ValidatingWebhookConfiguration",
    plural: "validatingwebhookconfigurations",
    object: { metadata: { name: "hooks" }, webhooks: [webhook] },
  },
  {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    object: {
      metadata: { name: "things.a.com" },
      spec: {
        group: "a.com",
        names,
        scope: "Namespaced",
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: thing },
            subresources: { status: {} },
          },
        ],
      },
    },
  },
];

test.each(sent)("a $kind in protobuf becomes what it becomes in JSON", async (one) => {
  const { group, kind, plural, object } = one;
  const apiVersion = apiVersionOf({ group }, "v1");
  const path = group === "" ? `/api/v1/${plural}` : `/apis/${apiVersion}/${plural}`;
  const inJson = await (await kubeFixture()).ask("POST", path, { apiVersion, kind, ...object });
  expect(inJson.body).toMatchObject({ kind, ...object });
  const { send } = await kubeFixture();
  const bytes = writeBody(apiVersion, kind, writeMessage(kind, object));
  const inProtobuf = await send(
    new Request(`https://hub${path}?fieldValidation=Strict`, {
      method: "POST",
      headers: {
        "content-type": "application/vnd.kubernetes.protobuf",
        "user-agent": "tester/1.0 (test)",
      },
      body: new Uint8Array(bytes),
    }),
  );
  expect(inProtobuf.headers.get("warning")).toEqual(inJson.headers.get("warning"));
  expect(await inProtobuf.json()).toEqual(inJson.body);
});
