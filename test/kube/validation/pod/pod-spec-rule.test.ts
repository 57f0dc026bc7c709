import { expect, test } from "vitest";
import { podSpecRule } from "../../../../shared/kube/validation/pod/pod-spec-rule.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { notALabel, notASubdomain } from "../sentences.ts";

type Fields = Readonly<Record<string, Json>>;

const web: JsonObject = { name: "web", image: "nginx:1" };
const withContainer = (fields: Fields) => ({ containers: [{ ...web, ...fields }] });
const withInit = (fields: Fields) => ({
  containers: [web],
  initContainers: [{ name: "init", image: "busybox:1", ...fields }],
});
const errorsFor = (spec: Json) => podSpecRule(spec, "spec").map(told);

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  ["without containers", {}, ["spec.containers: Required value"]],
  ["with an empty list of containers", { containers: [] }, ["spec.containers: Required value"]],
  [
    "with a container that is nothing",
    { containers: [{}] },
    ["spec.containers[0].name: Required value", "spec.containers[0].image: Required value"],
  ],
  [
    "with a container's name that is no label",
    withContainer({ name: "Web" }),
    [`spec.containers[0].name: Invalid value: "Web": ${notALabel}`],
  ],
  [
    "with a name twice",
    { containers: [web, web] },
    ['spec.containers[1].name: Duplicate value: "web"'],
  ],
  [
    "with an init container of a container's name",
    withInit({ name: "web" }),
    ['spec.initContainers[0].name: Duplicate value: "web"'],
  ],
  [
    "with policies that there are not",
    withContainer({ imagePullPolicy: "Sometimes", terminationMessagePolicy: "Log" }),
    [
      'spec.containers[0].terminationMessagePolicy: Unsupported value: "Log": ' +
        'supported values: "File", "FallbackToLogsOnError"',
      'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": ' +
        'supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [
    "with ports that are none",
    withContainer({
      ports: [{}, { containerPort: 70_000, hostPort: -1, protocol: "HTTP", name: "a--b" }],
    }),
    [
      "spec.containers[0].ports[0].containerPort: Required value",
      'spec.containers[0].ports[1].name: Invalid value: "a--b": ' +
        "must not contain consecutive hyphens",
      "spec.containers[0].ports[1].containerPort: Invalid value: 70000: " +
        "must be between 1 and 65535, inclusive",
      "spec.containers[0].ports[1].hostPort: Invalid value: -1: " +
        "must be between 1 and 65535, inclusive",
      'spec.containers[0].ports[1].protocol: Unsupported value: "HTTP": ' +
        'supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    "with a port's name twice",
    withContainer({
      ports: [
        { containerPort: 80, name: "http" },
        { containerPort: 81, name: "http" },
      ],
    }),
    ['spec.containers[0].ports[1].name: Duplicate value: "http"'],
  ],
  [
    "with a port of the node twice",
    {
      containers: [
        { ...web, ports: [{ containerPort: 80, hostPort: 8080 }] },
        { ...web, name: "b", ports: [{ containerPort: 80, hostPort: 8080, protocol: "TCP" }] },
      ],
    },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"'],
  ],
  [
    "with an init container that is probed, though it ends",
    withInit({ livenessProbe: { exec: { command: ["true"] } }, lifecycle: {} }),
    [
      "spec.initContainers[0].lifecycle: Forbidden: " +
        "may not be set for init containers without restartPolicy=Always",
      "spec.initContainers[0].livenessProbe: Forbidden: " +
        "may not be set for init containers without restartPolicy=Always",
    ],
  ],
  [
    "with a mount of no volume",
    withContainer({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
    ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
  ],
  [
    "with values that are none",
    {
      containers: [web],
      restartPolicy: "Sometimes",
      dnsPolicy: "Mine",
      serviceAccountName: "Robot",
      activeDeadlineSeconds: 0,
      hostname: "a.b",
      preemptionPolicy: "Always",
    },
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": ' +
        'supported values: "Always", "OnFailure", "Never"',
      'spec.dnsPolicy: Unsupported value: "Mine": supported values: ' +
        '"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      `spec.serviceAccountName: Invalid value: "Robot": ${notASubdomain}`,
      "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
      `spec.hostname: Invalid value: "a.b": ${notALabel}`,
      'spec.preemptionPolicy: Unsupported value: "Always": ' +
        'supported values: "PreemptLowerPriority", "Never"',
    ],
  ],
  [
    "with names of others that nothing can have",
    {
      containers: [web],
      nodeName: "Node",
      subdomain: "a.b",
      priorityClassName: "High",
      runtimeClassName: "Kata",
    },
    [
      `spec.nodeName: Invalid value: "Node": ${notASubdomain}`,
      `spec.subdomain: Invalid value: "a.b": ${notALabel}`,
      `spec.priorityClassName: Invalid value: "High": ${notASubdomain}`,
      `spec.runtimeClassName: Invalid value: "Kata": ${notASubdomain}`,
    ],
  ],
])("a pod is refused %s", (_, spec, errors) => {
  expect(errorsFor(spec)).toEqual(errors);
});

test.each<[part: string, value: Json]>([
  ["affinity", { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } }],
  ["dnsConfig", { nameservers: ["here"] }],
  ["hostAliases", [{ ip: "here" }]],
  ["nodeSelector", { "/a": "b" }],
  ["os", { name: "plan9" }],
  ["readinessGates", [{}]],
  ["schedulingGates", [{}]],
  ["securityContext", { runAsUser: -1 }],
  ["tolerations", [{ effect: "Never" }]],
  ["topologySpreadConstraints", [{}]],
  ["volumes", [{ name: "Data" }]],
])("a pod is refused for its %s alone", (part, value) => {
  const errors = errorsFor({ containers: [web], [part]: value });
  expect(errors).not.toEqual([]);
  expect(errors.filter((error) => !error.startsWith(`spec.${part}`))).toEqual([]);
});

test.each<[behaviour: string, spec: Fields]>([
  ["with the least", { containers: [web] }],
  [
    "with a sidecar that is probed",
    withInit({
      restartPolicy: "Always",
      readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5 },
      lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
    }),
  ],
  [
    "with ports of a node in two protocols",
    {
      containers: [
        {
          ...web,
          ports: [
            { name: "dns", containerPort: 53, hostPort: 53, protocol: "UDP" },
            { name: "dns-tcp", containerPort: 53, hostPort: 53 },
          ],
        },
      ],
    },
  ],
  [
    "with a volume that it mounts",
    {
      ...withContainer({ volumeMounts: [{ name: "data", mountPath: "/data", readOnly: true }] }),
      volumes: [{ name: "data", emptyDir: {} }],
    },
  ],
  [
    "with all that says where it runs",
    {
      containers: [web],
      terminationGracePeriodSeconds: 30,
      serviceAccountName: "robot",
      automountServiceAccountToken: false,
      hostname: "web",
      subdomain: "shop",
      nodeSelector: { "kubernetes.io/os": "linux" },
      priorityClassName: "system-cluster-critical",
      runtimeClassName: "kata-mshv-vm-isolation",
      schedulerName: "default-scheduler",
      imagePullSecrets: [{ name: "registry" }],
      enableServiceLinks: true,
      os: { name: "linux" },
      tolerations: [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { app: "web" } },
        },
      ],
    },
  ],
])("a pod is taken %s", (_, spec) => {
  expect(errorsFor(spec)).toEqual([]);
});
