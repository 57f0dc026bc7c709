import { expect, test } from "vitest";
import { builtInKinds } from "../../shared/kube/built-in/built-in-kinds.ts";
import { type Document, keyOf } from "../../shared/lib/document.ts";
import type { KubeBody } from "../../shared/lib/kube-object.ts";
import {
  builtInResources,
  definedResource,
  documentsOf,
  type HubResource,
} from "../../shared/placement/hub-resources.ts";
import { type FoundObject, type Selection, select } from "../../shared/placement/select.ts";
import { refsOfChangedObject, selectionRefs } from "../../shared/placement/selection-refs.ts";
import { snapshotOf } from "../../shared/placement/snapshot.ts";
import type { Manifest } from "../../shared/rollout/model.ts";
import { documentOf, fleetId, noon } from "../builders.ts";
import { fc } from "../chance.ts";

function resource(kind: string): HubResource {
  const found = builtInResources.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`Cannot find "${kind}": must be a kind to place`);
  return found;
}

function object(kind: string, name: string, body: object = {}): FoundObject {
  const of = resource(kind);
  const key = keyOf(documentsOf(of), fleetId, name, of.namespaced ? "demo" : undefined);
  const document = documentOf(key, { metadata: {}, ...body } as KubeBody);
  return { resource: of, document: document as Document<KubeBody> };
}

const found = (...objects: FoundObject[]) => ({ kind: "found", objects: [objects] }) as const;

function manifestsOf(selection: Selection): readonly Manifest[] {
  if (selection.kind === "invalid") throw new Error(selection.reason);
  return selection.manifests;
}

const only = (each: FoundObject): Manifest | undefined => manifestsOf(select(found(each)))[0];

test("a manifest holds what is wanted and nothing that a server added", () => {
  const settings = object("ConfigMap", "settings", {
    metadata: {
      labels: { app: "web" },
      annotations: {
        note: "kept",
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "deployment.kubernetes.io/revision": "1",
      },
      finalizers: ["example.com/keep"],
      managedFields: [{ manager: "kubectl" }],
      ownerReferences: [{ kind: "Widget" }],
    },
    data: { color: "blue" },
    status: { seen: true },
  });
  expect(only(settings)).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "settings",
      namespace: "demo",
      labels: { app: "web" },
      annotations: { note: "kept" },
      finalizers: ["example.com/keep"],
    },
    data: { color: "blue" },
  });
});

test.each<[string, FoundObject, object]>([
  [
    "a service's addresses and ports are the cluster's to give",
    object("Service", "web", {
      spec: {
        clusterIP: "10.0.0.1",
        clusterIPs: ["10.0.0.1"],
        healthCheckNodePort: 30000,
        ports: [{ port: 80, nodePort: 30001 }],
      },
    }),
    { spec: { ports: [{ port: 80 }] } },
  ],
  [
    "a headless service stays headless",
    object("Service", "web", { spec: { clusterIP: "None", clusterIPs: ["None"] } }),
    { spec: { clusterIP: "None", clusterIPs: ["None"] } },
  ],
  [
    "a job's generated selector goes",
    object("Job", "once", {
      spec: {
        selector: { matchLabels: { "controller-uid": "u" } },
        template: {
          metadata: { labels: { "batch.kubernetes.io/controller-uid": "u", app: "a" } },
          spec: {},
        },
      },
    }),
    { spec: { template: { metadata: { labels: { app: "a" } }, spec: {} } } },
  ],
  [
    "a job's own selector stays",
    object("Job", "once", { spec: { manualSelector: true, selector: {} } }),
    { spec: { manualSelector: true, selector: {} } },
  ],
])("%s", (_name, each, want) => {
  const { apiVersion: _, kind: __, ...rest } = only(each) as Manifest;
  expect(rest).toEqual({ ...want, metadata: rest["metadata"] });
});

test.each<[string, FoundObject]>([
  ["the root certificate of each namespace", object("ConfigMap", "kube-root-ca.crt")],
  ["the default service account", object("ServiceAccount", "default")],
  [
    "a service account's token",
    object("Secret", "t", { type: "kubernetes.io/service-account-token" }),
  ],
  ["what is being deleted", object("ConfigMap", "a", { metadata: { deletionTimestamp: noon } })],
  ["a namespace of Kubernetes", object("Namespace", "kube-system")],
  ["a namespace of the fleet", object("Namespace", "fleet-system")],
  ["a priority class of Kubernetes", object("PriorityClass", "system-node-critical")],
  ["the default namespace", object("Namespace", "default")],
  [
    "a replica set that a deployment made",
    object("ReplicaSet", "web-1", { metadata: { ownerReferences: [{ controller: true }] } }),
  ],
])("%s is never placed", (_name, each) => {
  expect(manifestsOf(select(found(each)))).toEqual([]);
});

test("an object that two selectors find is a mistake", () => {
  const each = object("Namespace", "demo");
  expect(select({ kind: "found", objects: [[each], [each]] })).toEqual({
    kind: "invalid",
    reason: '"Namespace demo" is selected twice: one selector must find it',
  });
});

test("more objects or content than a placement takes is said so", () => {
  const many = Array.from({ length: 1_001 }, (_, index) => object("ConfigMap", `c-${index}`));
  expect(select(found(...many))).toMatchObject({
    reason: expect.stringContaining("at most 1000") as unknown,
  });
  const large = object("ConfigMap", "large", { data: { blob: "x".repeat(1_400_001) } });
  expect(select(found(large))).toMatchObject({
    reason: expect.stringContaining("1400000") as unknown,
  });
  const heavy = Array.from({ length: 9 }, (_, index) =>
    object("ConfigMap", `c-${index}`, { data: { blob: "x".repeat(1_000_000) } }),
  );
  expect(select(found(...heavy))).toMatchObject({
    reason: expect.stringContaining("8388608") as unknown,
  });
});

const data = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"));
const objects = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom("ConfigMap", "Secret", "Deployment", "Role"),
    name: fc.constantFrom("x", "y", "z"),
    data,
  }),
  { selector: ({ kind, name }) => `${kind}/${name}` },
);

test("equal content gives an equal snapshot in whatever order, other content another", () => {
  fc.assert(
    fc.property(objects, objects, fc.nat(), (first, second, seed) => {
      const nameOf = (all: typeof first) =>
        snapshotOf(
          "web",
          manifestsOf(select(found(...all.map((each) => object(each.kind, each.name, each))))),
        ).name;
      const rotated = [...first.slice(seed % 7), ...first.slice(0, seed % 7)].reverse();
      const reordered = rotated.map((each) => ({
        ...each,
        data: Object.fromEntries(Object.entries(each.data).reverse()),
      }));
      expect(nameOf(reordered)).toBe(nameOf(first));
      const text = (all: typeof first) =>
        all.map((each) => JSON.stringify([each.kind, each.name, Object.entries(each.data).sort()]));
      const isSame = text(first).sort().join() === text(second).sort().join();
      expect(nameOf(first) === nameOf(second)).toBe(isSame);
    }),
  );
});

test("large content is split in order, without loss, into parts that fit", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_300_000 }), { maxLength: 6 }), (sizes) => {
      const manifests = sizes.map((size, index) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `c-${index}` },
        data: { blob: "x".repeat(size) },
      }));
      const { parts } = snapshotOf("web", manifests);
      expect(parts.flat()).toEqual(manifests);
      const bytesMax = 800 * 1024 + "[]".length;
      for (const part of parts.filter(({ length }) => length > 1)) {
        expect(JSON.stringify(part).length).toBeLessThanOrEqual(bytesMax);
      }
    }),
    { numRuns: 30 },
  );
});

test("each kind that is placed is one that the hub serves, under the same names", () => {
  const served = builtInKinds();
  for (const { group, version, kind, plural, namespaced } of builtInResources) {
    if (group === "networking.fleet.azure.com") continue;
    const known = served.find((each) => each.group === group && each.kind === kind);
    expect({ kind, plural: known?.plural, namespaced: known?.namespaced }).toEqual({
      kind,
      plural,
      namespaced,
    });
    expect(known?.versions[0]?.name).toBe(version);
  }
});

test("a definition in the hub adds a kind, in the version that it stores", () => {
  const definition = documentOf(
    keyOf("apiextensions.k8s.io/customresourcedefinitions", fleetId, "w"),
    {
      metadata: {},
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgetry" },
        versions: [{ name: "v1beta1" }, { name: "v1", storage: true }],
      },
    } as KubeBody,
  ) as Document<KubeBody>;
  expect(definedResource(definition)).toEqual({
    group: "example.com",
    version: "v1",
    kind: "Widget",
    plural: "widgetry",
    namespaced: true,
  });
});

const selector = (group: string, kind: string, name?: string) => ({
  group,
  version: "v1",
  kind,
  ...(name !== undefined && { name }),
});

test.each([
  [
    "an object in a namespace by name",
    selector("", "Namespace", "demo"),
    ["configmaps", "demo", "a"],
    true,
  ],
  [
    "an object in another namespace",
    selector("", "Namespace", "demo"),
    ["configmaps", "x", "a"],
    false,
  ],
  ["any namespace by labels", selector("", "Namespace"), ["apps/deployments", "x", "a"], true],
  [
    "the namespace itself",
    selector("", "Namespace", "demo"),
    ["namespaces", undefined, "demo"],
    true,
  ],
  [
    "a cluster role by name",
    selector("rbac.authorization.k8s.io", "ClusterRole", "r"),
    ["rbac.authorization.k8s.io/clusterroles", undefined, "r"],
    true,
  ],
  [
    "another cluster role",
    selector("rbac.authorization.k8s.io", "ClusterRole", "r"),
    ["rbac.authorization.k8s.io/clusterroles", undefined, "s"],
    false,
  ],
  [
    "a kind of whose plural only its definition knows",
    selector("example.com", "Widget", "w"),
    ["example.com/widgetry", undefined, "w"],
    true,
  ],
] as const)(
  "a change of %s wakes its placement, and no other",
  (_name, wanted, changed, isFound) => {
    const refs = selectionRefs({ resourceSelectors: [wanted] });
    const [kind, namespace, name] = changed;
    const found = refsOfChangedObject(kind, namespace, name);
    expect(found.some((ref) => refs.includes(ref))).toBe(isFound);
  },
);
