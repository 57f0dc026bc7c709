import { expect, test } from "vitest";
import { builtInKinds } from "../../shared/kube/built-in/built-in-kinds.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { kubeFixture } from "./kube-fixture.ts";

/** What `kubectl api-resources` of 1.34 tells of objects that are kept: * is cluster-wide. */
const stable: Readonly<Record<string, string>> = {
  "":
    "configmaps/cm endpoints/ep events/ev limitranges/limits *namespaces/ns *nodes/no " +
    "persistentvolumeclaims/pvc *persistentvolumes/pv pods/po podtemplates " +
    "replicationcontrollers/rc resourcequotas/quota secrets serviceaccounts/sa services/svc",
  "admissionregistration.k8s.io":
    "*mutatingwebhookconfigurations *validatingadmissionpolicies " +
    "*validatingadmissionpolicybindings *validatingwebhookconfigurations",
  "apiextensions.k8s.io": "*customresourcedefinitions/crd,crds",
  "apiregistration.k8s.io": "*apiservices",
  apps: "controllerrevisions daemonsets/ds deployments/deploy replicasets/rs statefulsets/sts",
  autoscaling: "horizontalpodautoscalers/hpa",
  batch: "cronjobs/cj jobs",
  "certificates.k8s.io": "*certificatesigningrequests/csr",
  "coordination.k8s.io": "leases",
  "discovery.k8s.io": "endpointslices",
  "events.k8s.io": "events/ev",
  "flowcontrol.apiserver.k8s.io": "*flowschemas *prioritylevelconfigurations",
  "networking.k8s.io":
    "*ingressclasses ingresses/ing *ipaddresses/ip networkpolicies/netpol *servicecidrs",
  "node.k8s.io": "*runtimeclasses",
  policy: "poddisruptionbudgets/pdb",
  "rbac.authorization.k8s.io": "*clusterrolebindings *clusterroles rolebindings roles",
  "resource.k8s.io": "*deviceclasses resourceclaims resourceclaimtemplates *resourceslices",
  "scheduling.k8s.io": "*priorityclasses/pc",
  "storage.k8s.io":
    "*csidrivers *csinodes csistoragecapacities *storageclasses/sc *volumeattachments " +
    "*volumeattributesclasses/vac",
};

test("every stable kind of Kubernetes 1.34 is served, in its scope, with its short names", () => {
  const told = new Map<string, string[]>();
  for (const { group, plural, shortNames = [], namespaced } of builtInKinds()) {
    const names = shortNames.length === 0 ? "" : `/${shortNames.join(",")}`;
    const words = told.get(group) ?? [];
    told.set(group, [...words, `${namespaced ? "" : "*"}${plural}${names}`]);
  }
  const sorted = (words: readonly string[]) => words.toSorted().join(" ");
  const served = [...told].map(([group, words]) => [group, sorted(words)]);
  const wanted = Object.entries(stable).map(([group, text]) => [group, sorted(text.split(" "))]);
  expect(Object.fromEntries(served)).toEqual(Object.fromEntries(wanted));
});

const signingRequest = Buffer.from(
  "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n",
).toString("base64");

test.each<[path: string, object: JsonObject, columns: string, cells: readonly unknown[]]>([
  [
    "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    {
      spec: {
        signerName: "example.com/signer",
        request: signingRequest,
        usages: ["client auth"],
        expirationSeconds: 7_200,
        username: "eve",
      },
    },
    "Name Age SignerName Requestor RequestedDuration Condition",
    ["a", "0s", "example.com/signer", "system:anonymous", "120m", "Pending"],
  ],
  [
    "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
    { spec: { priorityLevelConfiguration: { name: "low" }, matchingPrecedence: 500 } },
    "Name PriorityLevel MatchingPrecedence DistinguisherMethod Age MissingPL",
    ["a", "low", 500, "<none>", "0s", "?"],
  ],
  [
    "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
    {
      spec: {
        type: "Limited",
        limited: {
          nominalConcurrencyShares: 30,
          limitResponse: {
            type: "Queue",
            queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 },
          },
        },
      },
    },
    "Name Type NominalConcurrencyShares Queues HandSize QueueLengthLimit Age",
    ["a", "Limited", 30, 64, 6, 50, "0s"],
  ],
  [
    "/apis/resource.k8s.io/v1/namespaces/shop/resourceclaims",
    { spec: { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }] } } },
    "Name State Age",
    ["a", "pending", "0s"],
  ],
  [
    "/apis/resource.k8s.io/v1/resourceslices",
    {
      spec: {
        driver: "gpu.example.com",
        nodeName: "n1",
        pool: { name: "p1", generation: 1, resourceSliceCount: 1 },
      },
    },
    "Name Node Driver Pool Age",
    ["a", "n1", "gpu.example.com", "p1", "0s"],
  ],
  [
    "/apis/networking.k8s.io/v1/ipaddresses",
    {
      metadata: { name: "10.0.0.9" },
      spec: { parentRef: { resource: "services", namespace: "shop", name: "web" } },
    },
    "Name ParentRef",
    ["10.0.0.9", "services/shop/web"],
  ],
  [
    "/apis/networking.k8s.io/v1/servicecidrs",
    { spec: { cidrs: ["10.0.0.0/16", "fd00::/108"] } },
    "Name CIDRs Age",
    ["a", "10.0.0.0/16,fd00::/108", "0s"],
  ],
  [
    "/apis/storage.k8s.io/v1/namespaces/shop/csistoragecapacities",
    { storageClassName: "managed-csi", capacity: "1Ti" },
    "Name StorageClassName Capacity",
    ["a", "managed-csi", "1Ti"],
  ],
  [
    "/apis/storage.k8s.io/v1/volumeattributesclasses",
    { driverName: "disk.csi.azure.com", parameters: { IOPS: "5000" } },
    "Name DriverName Age",
    ["a", "disk.csi.azure.com", "0s"],
  ],
])("%s is kept, and shown as kubectl shows it", async (path, object, columns, cells) => {
  const { ask } = await kubeFixture();
  expect((await ask("POST", path, { metadata: { name: "a" }, ...object })).status).toBe(201);
  const accept = "application/json;as=Table;g=meta.k8s.io;v=v1";
  const { body } = await ask("GET", path, undefined, { accept });
  const { columnDefinitions, rows } = body as {
    readonly columnDefinitions: readonly { readonly name: string }[];
    readonly rows: readonly { readonly cells: readonly unknown[] }[];
  };
  expect(columnDefinitions.map(({ name }) => name).join(" ")).toBe(columns);
  expect(rows[0]?.cells).toEqual(cells);
});
