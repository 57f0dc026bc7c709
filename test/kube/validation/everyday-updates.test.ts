import { expect, test } from "vitest";
import { objectOf } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  deploymentOf,
  jsonPatchType,
  type KubeFixture,
  mergePatchType,
  strategicType,
} from "../kube-fixture.ts";
import { learntFixture } from "../openapi/learnt-kinds.ts";
import { withServerDefaults } from "./with-server-defaults.ts";

/** What tools do to what is stored, all day: none of it is refused. */

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const statefulSets = "/apis/apps/v1/namespaces/default/statefulsets";
const services = "/api/v1/namespaces/default/services";
const jobs = "/apis/batch/v1/namespaces/default/jobs";
const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
const volumes = "/api/v1/persistentvolumes";

const forms = [
  ["as people write it", (object: JsonObject) => object],
  ["as a server shows it", withServerDefaults],
] as const;

type Step = readonly [what: string, body: Json, type?: string, subresource?: string];

async function refusals({ ask }: KubeFixture, path: string, steps: readonly Step[]) {
  const found: string[] = [];
  for (const [what, body, type = mergePatchType, subresource = ""] of steps) {
    const applied = `&fieldManager=${what.replaceAll(" ", "-")}&force=true`;
    const query = `?fieldValidation=Strict${type === applyType ? applied : ""}`;
    const answer = await ask("PATCH", `${path}${subresource}${query}`, body, { type });
    if (answer.status !== 200) found.push(`${what}: ${answer.body["message"]}`);
  }
  return found;
}

async function stored(kind: string, collection: string, object: JsonObject) {
  const api = await learntFixture();
  const metadata = { ...objectOf(object["metadata"]), name: "web" };
  const { status, body } = await api.ask("POST", collection, { ...object, kind, metadata });
  expect([status, body["message"]]).toEqual([201, undefined]);
  return api;
}

const podChange = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });
const containerChange = (change: JsonObject) =>
  podChange({ containers: [{ name: "main", ...change }] });
const condition = { type: "Available", status: "True", reason: "R", message: "m" };
const deployment = deploymentOf("web", "nginx:1");
const metadata = { name: "web" };

test.each(forms)(
  "a Deployment, %s, is changed by kubectl, Helm and controllers",
  async (_, form) => {
    const api = await stored("Deployment", deployments, form(deployment));
    const steps: readonly Step[] = [
      ["set image", containerChange({ image: "nginx:2" }), strategicType],
      ["unset env", containerChange({ env: [{ $patch: "delete", name: "A" }] }), strategicType],
      ["set resources", containerChange({ resources: { limits: { cpu: "1" } } }), strategicType],
      [
        "rollout restart",
        {
          spec: {
            template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "x" } } },
          },
        },
        strategicType,
      ],
      ["set volume", podChange({ volumes: [{ name: "v", emptyDir: {} }] }), strategicType],
      [
        "another source of the volume",
        podChange({
          volumes: [{ $retainKeys: ["name", "secret"], name: "v", secret: { secretName: "s" } }],
        }),
        strategicType,
      ],
      [
        "recreate",
        { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
        strategicType,
      ],
      [
        "roll again",
        {
          spec: {
            strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          },
        },
      ],
      ["pause", { spec: { paused: true } }],
      ["resume", { spec: { paused: null } }],
      ["scale", { spec: { replicas: 0 } }, mergePatchType, "/scale"],
      ["flux", form(deployment), applyType],
      [
        "autoscaler",
        { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 7 } },
        applyType,
      ],
      ["autoscaler", { apiVersion: "apps/v1", kind: "Deployment", metadata }, applyType],
      ["helm", form(deployment), strategicType],
      ["status", { status: { replicas: 3, conditions: [condition] } }, mergePatchType, "/status"],
      [
        "finalizers",
        [
          {
            op: "add",
            path: "/metadata/finalizers",
            value: ["foregroundDeletion", "example.com/x"],
          },
        ],
        jsonPatchType,
      ],
    ];
    expect(await refusals(api, `${deployments}/web`, steps)).toEqual([]);
    expect((await api.ask("DELETE", `${deployments}/web`)).status).toBe(200);
    const done: Step = ["finalizers go", { metadata: { finalizers: null } }];
    expect(await refusals(api, `${deployments}/web`, [done])).toEqual([]);
  },
);

test.each(forms)("a Service, %s, goes from type to type and back", async (_, form) => {
  const service = { apiVersion: "v1", spec: { ports: [{ port: 80 }], selector: { app: "web" } } };
  const api = await stored("Service", services, form({ ...service, kind: "Service" }));
  const local = { type: "LoadBalancer", externalTrafficPolicy: "Local" };
  const external = { type: "ExternalName", externalName: "db.contoso.com" };
  const steps: readonly Step[] = [
    ["NodePort", { spec: { type: "NodePort" } }],
    ["a port", [{ op: "add", path: "/spec/ports/0/nodePort", value: 30_123 }], jsonPatchType],
    ["LoadBalancer", { spec: { ...local, healthCheckNodePort: 31_999 } }],
    [
      "status",
      { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } },
      strategicType,
      "/status",
    ],
    ["ClusterIP", { spec: { type: "ClusterIP" } }],
    ["LoadBalancer again", { spec: { type: "LoadBalancer" } }],
    ["ClusterIP again", { spec: { type: "ClusterIP" } }],
    ["ExternalName", { spec: external }],
    ["an annotation", { metadata: { annotations: { a: "b" } } }],
    ["ClusterIP for good", { spec: { type: "ClusterIP", externalName: null } }],
    ["two stacks", { spec: { ipFamilyPolicy: "PreferDualStack" } }],
    ["one stack", { spec: { ipFamilyPolicy: "SingleStack" } }],
    [
      "more ports",
      {
        spec: {
          ports: [
            { name: "a", port: 80 },
            { name: "b", port: 443 },
          ],
        },
      },
    ],
  ];
  expect(await refusals(api, `${services}/web`, steps)).toEqual([]);
});

const claimSpec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const statefulSet = {
  ...deployment,
  kind: "StatefulSet",
  spec: {
    ...objectOf(deployment["spec"]),
    serviceName: "web",
    volumeClaimTemplates: [{ metadata: { name: "data", labels: {} }, spec: claimSpec }],
  },
};

test.each(forms)("a StatefulSet, %s, is rolled and scaled", async (_, form) => {
  const api = await stored("StatefulSet", statefulSets, form(statefulSet));
  const inOtherWords = { ...claimSpec, resources: { requests: { storage: "1024Mi" } } };
  const steps: readonly Step[] = [
    ["set image", containerChange({ image: "nginx:2" }), strategicType],
    ["scale", { spec: { replicas: 5, minReadySeconds: 3, ordinals: { start: 2 } } }],
    ["partition", { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } }],
    ["keep", { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } } }],
    [
      "its claims in other words",
      { spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: inOtherWords }] } },
    ],
    ["flux", form(statefulSet), applyType],
  ];
  expect(await refusals(api, `${statefulSets}/web`, steps)).toEqual([]);
});

test.each(forms)("a Job, %s, is queued, started and done", async (_, form) => {
  const pod = { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] };
  const job = { apiVersion: "batch/v1", spec: { suspend: true, template: { spec: pod } } };
  const api = await stored("Job", jobs, form({ ...job, kind: "Job" }));
  const place = { nodeSelector: { pool: "batch" }, tolerations: [{ operator: "Exists" }] };
  const steps: readonly Step[] = [
    ["start", { spec: { suspend: false, template: { spec: place } } }],
    ["less at once", { spec: { parallelism: 0, backoffLimit: 2, ttlSecondsAfterFinished: 10 } }],
    ["suspend", { spec: { suspend: true } }],
    ["labels", { metadata: { labels: { a: "b" }, finalizers: ["example.com/x"] } }],
    ["status", { status: { succeeded: 1, conditions: [] } }, mergePatchType, "/status"],
  ];
  expect(await refusals(api, `${jobs}/web`, steps)).toEqual([]);
});

test.each(forms)("a claim and its volume, %s, are bound and grow", async (_, form) => {
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", spec: claimSpec };
  const api = await stored("PersistentVolumeClaim", claims, form(claim));
  const bound = { phase: "Bound", capacity: { storage: "1Gi" } };
  const steps: readonly Step[] = [
    ["the default class", { spec: { storageClassName: "managed-csi" } }],
    [
      "bind",
      { spec: { volumeName: "pv-1" }, metadata: { finalizers: ["kubernetes.io/pvc-protection"] } },
    ],
    ["status", { status: bound }, mergePatchType, "/status"],
    ["grow", { spec: { resources: { requests: { storage: "2Gi" } } } }],
    ["the same", { spec: { resources: { requests: { storage: "2048Mi" } } } }],
    ["attributes", { spec: { volumeAttributesClassName: "gold" } }],
  ];
  expect(await refusals(api, `${claims}/web`, steps)).toEqual([]);

  const csi = { driver: "disk.csi.azure.com", volumeHandle: "/x" };
  const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], csi };
  const volume = form({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "pv" },
    spec,
  });
  expect((await api.ask("POST", volumes, volume)).status).toBe(201);
  const secret = { name: "a", namespace: "b" };
  const changes: readonly Step[] = [
    ["bind", { spec: { claimRef: { name: "web", namespace: "default", uid: "u" } } }],
    ["grow", { spec: { capacity: { storage: "2Gi" }, persistentVolumeReclaimPolicy: "Delete" } }],
    ["a secret", { spec: { csi: { controllerExpandSecretRef: secret } } }],
    ["release", [{ op: "remove", path: "/spec/claimRef" }], jsonPatchType],
    ["status", { status: { phase: "Available" } }, mergePatchType, "/status"],
  ];
  expect(await refusals(api, `${volumes}/pv`, changes)).toEqual([]);
});
