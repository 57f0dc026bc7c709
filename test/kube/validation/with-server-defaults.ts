/**
 * Objects as `kubectl get -o yaml` shows them: with the defaults that a kube-apiserver sets, and
 * with the metadata that only a server writes. What the hub is given is often that form.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
import { arrayOf, isArray, isObject, objectOf, omit } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

type Change = (value: JsonObject) => JsonObject;

/** The object with defaults for its fields, and with those fields changed that are there. */
function form(defaults: JsonObject, changes: Readonly<Record<string, Change>> = {}): Change {
  return (value) => {
    const filled = Object.entries({ ...defaults, ...withoutNulls(value) });
    const changed = filled.map(([name, field]): [string, Json | undefined] => {
      const change = changes[name];
      if (change === undefined) return [name, field];
      if (isArray(field)) return [name, field.map((each) => change(objectOf(each)))];
      return [name, isObject(field) ? change(field) : field];
    });
    return Object.fromEntries(changed) as JsonObject;
  };
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

const httpGet = form({ path: "/", scheme: "HTTP" });
const probe = form(
  { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 },
  { httpGet, grpc: form({ service: "" }) },
);
const handler = form({}, { httpGet });
const container = form(
  {
    imagePullPolicy: "IfNotPresent",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  },
  {
    ports: form({ protocol: "TCP" }),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: form({}, { preStop: handler, postStart: handler }),
    env: form(
      {},
      {
        valueFrom: form(
          {},
          { fieldRef: form({ apiVersion: "v1" }), resourceFieldRef: form({ divisor: "0" }) },
        ),
      },
    ),
  },
);

const downward = form({ defaultMode: 420 }, { items: sourceFile });
function sourceFile(value: JsonObject): JsonObject {
  return form({}, { fieldRef: form({ apiVersion: "v1" }) })(value);
}
const claimSpec = form({ volumeMode: "Filesystem" });
const claimTemplate = form({ metadata: { creationTimestamp: null } }, { spec: claimSpec });
const volumeFields: Readonly<Record<string, Change>> = {
  configMap: form({ defaultMode: 420 }),
  secret: form({ defaultMode: 420 }),
  downwardAPI: downward,
  hostPath: form({ type: "" }),
  ephemeral: form({}, { volumeClaimTemplate: claimTemplate }),
  projected: form(
    { defaultMode: 420 },
    { sources: form({}, { serviceAccountToken: form({ expirationSeconds: 3600 }) }) },
  ),
};
function volume(value: JsonObject): JsonObject {
  const changed = form({}, volumeFields)(value);
  return Object.keys(changed).length > 1 ? changed : { ...changed, emptyDir: {} };
}

function podSpec(value: JsonObject): JsonObject {
  const { serviceAccountName, volumes } = value;
  const defaults = {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...(serviceAccountName && { serviceAccount: serviceAccountName }),
  };
  return {
    ...form(defaults, { containers: container, initContainers: container })(value),
    ...(volumes && { volumes: arrayOf(volumes).map((each) => volume(objectOf(each))) }),
  };
}

function template(value: JsonObject): JsonObject {
  return {
    ...value,
    metadata: { creationTimestamp: null, ...objectOf(value["metadata"]) },
    spec: podSpec(objectOf(value["spec"])),
  };
}

function jobSpec(value: JsonObject): JsonObject {
  const isOne = (value["parallelism"] ?? value["completions"] ?? null) === null;
  const defaults = {
    backoffLimit: 6,
    completionMode: "NonIndexed",
    parallelism: 1,
    ...(isOne && { completions: 1 }),
    podReplacementPolicy: value["podFailurePolicy"] ? "Failed" : "TerminatingOrFailed",
    suspend: false,
    manualSelector: false,
  };
  return form(defaults, { template })(value);
}

function serviceSpec(value: JsonObject): JsonObject {
  const given = Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== null && each !== ""),
  );
  const { type = "ClusterIP", clusterIP = "10.0.99.99", ports } = given;
  if (type === "ExternalName") return { sessionAffinity: "None", ...given };
  const isOutside = type !== "ClusterIP";
  const isDual = given["ipFamilyPolicy"] !== undefined;
  const family = { clusterIP, clusterIPs: [clusterIP], ipFamilies: ["IPv4"] };
  return {
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
    type,
    ...(!isDual && { ...family, ipFamilyPolicy: "SingleStack" }),
    ...(isOutside && { externalTrafficPolicy: "Cluster" }),
    ...(type === "LoadBalancer" && { allocateLoadBalancerNodePorts: true }),
    ...given,
    ...(ports && { ports: arrayOf(ports).map((each) => servicePort(objectOf(each), isOutside)) }),
  };
}

function servicePort(value: JsonObject, isOutside: boolean): JsonObject {
  const { port = null, targetPort = port } = value;
  const node = isOutside && typeof port === "number" ? { nodePort: 30_000 + (port % 2_000) } : {};
  return { protocol: "TCP", ...node, ...value, targetPort };
}

const counted = { replicas: 1, revisionHistoryLimit: 10 };
const quarter = { maxSurge: "25%", maxUnavailable: "25%" };
const rolling = (rollingUpdate: JsonObject): Change =>
  function strategy(value) {
    if ((value["type"] ?? "RollingUpdate") !== "RollingUpdate") return value;
    const given = objectOf(value["rollingUpdate"]);
    return { type: "RollingUpdate", rollingUpdate: { ...rollingUpdate, ...given } };
  };

const scaling = form({ selectPolicy: "Max" });
const webhook = form(
  {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  },
  {
    rules: form({ scope: "*" }),
    clientConfig: form({}, { service: form({ port: 443 }) }),
  },
);

const specs: Readonly<Record<string, Change>> = {
  CronJob: form(
    {
      concurrencyPolicy: "Allow",
      failedJobsHistoryLimit: 1,
      successfulJobsHistoryLimit: 3,
      suspend: false,
    },
    { jobTemplate: form({ metadata: { creationTimestamp: null } }, { spec: jobSpec }) },
  ),
  CSIDriver: form({
    attachRequired: true,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    podInfoOnMount: false,
    requiresRepublish: false,
    storageCapacity: false,
    volumeLifecycleModes: ["Persistent"],
  }),
  DaemonSet: form(
    { revisionHistoryLimit: 10, updateStrategy: {} },
    { template, updateStrategy: rolling({ maxSurge: 0, maxUnavailable: 1 }) },
  ),
  Deployment: form(
    { ...counted, progressDeadlineSeconds: 600, strategy: {} },
    { template, strategy: rolling(quarter) },
  ),
  HorizontalPodAutoscaler: form(
    { minReplicas: 1 },
    { behavior: form({}, { scaleUp: scaling, scaleDown: scaling }) },
  ),
  Job: jobSpec,
  PersistentVolume: form({ persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
  PersistentVolumeClaim: claimSpec,
  Pod: podSpec,
  ReplicaSet: form({ replicas: 1 }, { template }),
  ReplicationController: form({ replicas: 1 }, { template }),
  Service: serviceSpec,
  StatefulSet: form(
    {
      ...counted,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      podManagementPolicy: "OrderedReady",
      serviceName: "",
      updateStrategy: {},
    },
    {
      template,
      updateStrategy: rolling({ partition: 0 }),
      volumeClaimTemplates: form(
        { apiVersion: "v1", kind: "PersistentVolumeClaim", status: { phase: "Pending" } },
        { spec: claimSpec, metadata: form({ creationTimestamp: null }) },
      ),
    },
  ),
};

/** Of kinds that keep no spec. */
const objects: Readonly<Record<string, Change>> = {
  MutatingWebhookConfiguration: form(
    {},
    { webhooks: (value) => webhook({ reinvocationPolicy: "Never", ...value }) },
  ),
  PriorityClass: form({ preemptionPolicy: "PreemptLowerPriority" }),
  StorageClass: form({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  ValidatingWebhookConfiguration: form({}, { webhooks: webhook }),
};

export function withServerDefaults(object: JsonObject): JsonObject {
  const kind = String(object["kind"]);
  const spec = specs[kind] ?? ((value) => value);
  const metadata = { generation: 3, creationTimestamp: "2026-11-01T10:00:00Z", selfLink: "" };
  return {
    ...(objects[kind] ?? form({}, { spec }))(object),
    metadata: { ...metadata, ...omit(objectOf(object["metadata"]), ["uid"]) },
  };
}
