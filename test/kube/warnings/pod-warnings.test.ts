import { expect, test } from "vitest";
import { podWarnings } from "../../../shared/kube/warnings/pod-warnings.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

const path = "spec.template";
const container = (fields: JsonObject): JsonObject => ({ name: "main", image: "web:1", ...fields });

function ofSpec(spec: JsonObject, annotations: JsonObject = {}): readonly string[] {
  const containers = spec["containers"] ?? [container({})];
  return [...podWarnings({ metadata: { annotations }, spec: { ...spec, containers } }, path)];
}

function ofContainer(fields: JsonObject, annotations: JsonObject = {}): readonly string[] {
  return ofSpec({ containers: [container(fields)] }, annotations);
}

const spread = { maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: {} };
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const byOs = { matchExpressions: [{ key: "beta.kubernetes.io/os", operator: "Exists" }] };
const osSentence = 'deprecated since v1.14; use "kubernetes.io/os" instead';

test.each<[what: string, spec: JsonObject, warnings: readonly string[]]>([
  [
    "a renamed label of nodes",
    { nodeSelector: { "beta.kubernetes.io/os": "linux", disk: "ssd" } },
    [`spec.template.spec.nodeSelector[beta.kubernetes.io/os]: ${osSentence}`],
  ],
  [
    "a renamed label that a pod requires",
    { affinity: { nodeAffinity: { [required]: { nodeSelectorTerms: [byOs] } } } },
    [
      `spec.template.spec.affinity.nodeAffinity.${required}.nodeSelectorTerms[0]` +
        `.matchExpressions[0].key: beta.kubernetes.io/os is ${osSentence}`,
    ],
  ],
  [
    "a renamed label that a pod prefers",
    { affinity: { nodeAffinity: { [preferred]: [{ weight: 1, preference: byOs }] } } },
    [
      `spec.template.spec.affinity.nodeAffinity.${preferred}[0].preference` +
        `.matchExpressions[0].key: beta.kubernetes.io/os is ${osSentence}`,
    ],
  ],
  [
    "a spread by a renamed label",
    {
      topologySpreadConstraints: [
        { ...spread, topologyKey: "failure-domain.beta.kubernetes.io/zone" },
      ],
    },
    [
      "spec.template.spec.topologySpreadConstraints[0].topologyKey: " +
        "failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use " +
        '"topology.kubernetes.io/zone" instead',
    ],
  ],
  [
    "a spread of no pods",
    { topologySpreadConstraints: [{ ...spread, topologyKey: "zone", labelSelector: null }] },
    [
      "spec.template.spec.topologySpreadConstraints[0].labelSelector: " +
        "a null labelSelector results in matching no pod",
    ],
  ],
  [
    "an affinity to no pods",
    { affinity: { podAntiAffinity: { [required]: [{ topologyKey: "zone" }] } } },
    [
      `spec.template.spec.affinity.podAntiAffinity.${required}[0].labelSelector: ` +
        "a null labelSelector results in matching no pod",
    ],
  ],
  [
    "a preferred affinity to no pods",
    { affinity: { podAffinity: { [preferred]: [{ podAffinityTerm: { topologyKey: "zone" } }] } } },
    [
      `spec.template.spec.affinity.podAffinity.${preferred}[0].podAffinityTerm.labelSelector: ` +
        "a null labelSelector results in matching no pod",
    ],
  ],
  [
    "volumes that no cluster has any more",
    {
      volumes: [
        { name: "a", gitRepo: {} },
        { name: "b", storageos: {} },
      ],
    },
    [
      "spec.template.spec.volumes[0].gitRepo: deprecated in v1.11",
      "spec.template.spec.volumes[1].storageOS: deprecated in v1.22, non-functional in v1.25+",
    ],
  ],
  [
    "a part of a byte in a volume of its own",
    {
      volumes: [
        {
          name: "a",
          ephemeral: {
            volumeClaimTemplate: { spec: { resources: { requests: { storage: "100m" } } } },
          },
        },
      ],
    },
    [
      "spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources" +
        '.requests[storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    "an address that has names twice",
    { hostAliases: [{ ip: "10.0.0.1" }, { ip: "10.0.0.1" }] },
    ['spec.template.spec.hostAliases[1].ip: duplicate ip "10.0.0.1"'],
  ],
  [
    "a secret that is named twice, and one without a name",
    { imagePullSecrets: [{ name: "a" }, { name: "a" }, {}] },
    [
      'spec.template.spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.template.spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    "a part of a byte of overhead",
    { overhead: { memory: "1500m", "ephemeral-storage": "0.5" } },
    [
      'spec.template.spec.overhead[memory]: fractional byte value "1500m" is invalid, ' +
        "must be an integer",
      'spec.template.spec.overhead[ephemeral-storage]: fractional byte value "500m" is ' +
        "invalid, must be an integer",
    ],
  ],
  [
    "less than no time to end",
    { terminationGracePeriodSeconds: -1 },
    [
      "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; " +
        "negative values are invalid and will be treated as 1",
    ],
  ],
  [
    "addresses with leading zeros",
    { dnsConfig: { nameservers: ["010.0.0.1"] }, hostAliases: [{ ip: "2001:DB8::1" }] },
    [
      'spec.template.spec.dnsConfig.nameservers[0]: non-standard IP address "010.0.0.1" will be ' +
        'considered invalid in a future Kubernetes release: use "10.0.0.1"',
      'spec.template.spec.hostAliases[0].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 ' +
        'canonical format ("2001:db8::1")',
    ],
  ],
])("a pod is warned of %s", (_, spec, warnings) => {
  expect(ofSpec(spec)).toEqual(warnings);
});

test.each<[what: string, fields: JsonObject, warnings: readonly string[]]>([
  [
    "a variable that hides another",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
    ['env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "a variable that is only itself",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "$(A)" },
      ],
    },
    ['env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "a variable from elsewhere that hides another",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", valueFrom: { fieldRef: {} } },
      ],
    },
    ['env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "a variable that is made of another",
    {
      env: [
        { name: "PATH", value: "/bin" },
        { name: "PATH", value: "$(PATH):/opt/bin" },
      ],
    },
    [],
  ],
  [
    "parts of bytes",
    { resources: { limits: { memory: "100m" }, requests: { memory: "1", cpu: "100m" } } },
    ['resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
  ],
  [
    "a port that is there twice",
    { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] },
    ["ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]"],
  ],
  [
    "a port of two protocols",
    { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] },
    [],
  ],
  [
    "a port that a node has too",
    { ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 80 }] },
    ["ports[1]: overlapping port definition with spec.template.spec.containers[0].ports[0]"],
  ],
  [
    "a port of all addresses and of one",
    {
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 80, hostPort: 80, hostIP: "10.0.0.1" },
      ],
    },
    [
      "ports[1]: dangerously ambiguous port definition with " +
        "spec.template.spec.containers[0].ports[0]",
    ],
  ],
  [
    "an address without a port",
    { ports: [{ name: "http", containerPort: 80, hostIP: "10.0.0.1" }] },
    [
      "ports[0]: hostIP set without hostPort: " +
        "{Name:http HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}",
    ],
  ],
])("a container is warned of %s", (_, fields, warnings) => {
  const where = "spec.template.spec.containers[0]";
  expect(ofContainer(fields)).toEqual(warnings.map((each) => `${where}.${each}`));
});

test.each<[annotation: string, because: string]>([
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  [
    "security.alpha.kubernetes.io/sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    "seccomp.security.alpha.kubernetes.io/pod",
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    "container.seccomp.security.alpha.kubernetes.io/main",
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    "container.apparmor.security.beta.kubernetes.io/main",
    'deprecated since v1.30; use the "appArmorProfile" field instead',
  ],
])("a pod is warned of the annotation %s", (annotation, because) => {
  const sentence = `spec.template.metadata.annotations[${annotation}]: ${because}`;
  expect(ofSpec({}, { [annotation]: "x" })).toEqual([sentence]);
});

test("annotations beside the fields that they became are let pass", () => {
  const profiles = {
    seccompProfile: { type: "Unconfined" },
    appArmorProfile: { type: "Unconfined" },
  };
  const annotations = {
    "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
    "container.seccomp.security.alpha.kubernetes.io/main": "unconfined",
    "container.apparmor.security.beta.kubernetes.io/main": "unconfined",
  };
  const containers = [container({ securityContext: profiles })];
  expect(ofSpec({ securityContext: profiles, containers }, annotations)).toEqual([]);
});

test("ports of all containers share the address of their pod", () => {
  const ports = [{ containerPort: 80 }];
  const [init, main] = [container({ name: "init", ports }), container({ ports })];
  expect(ofSpec({ initContainers: [init], containers: [main] })).toEqual([
    "spec.template.spec.containers[0].ports[0]: duplicate port definition with " +
      "spec.template.spec.initContainers[0].ports[0]",
  ]);
});

const files = (...paths: string[]): Json => paths.map((path) => ({ key: "k", path }));

test.each<[what: string, volume: JsonObject, warnings: readonly string[]]>([
  [
    "files at one path",
    { configMap: { name: "c", items: files("a", "a/") } },
    ['volume "v" (ConfigMap "c"): overlapping paths: "a" with "a"'],
  ],
  [
    "a file where another one needs a folder",
    { secret: { secretName: "s", items: files("a", "a/b") } },
    ['volume "v" (Secret "s"): overlapping paths: "a/b" with "a"'],
  ],
  [
    "files about the pod",
    { downwardAPI: { items: files("a/b", "a") } },
    ['volume "v" (DownwardAPI): overlapping paths: "a" with "a/b"'],
  ],
  [
    "files of two sources",
    {
      projected: {
        sources: [
          { configMap: { name: "c", items: files("token") } },
          { serviceAccountToken: { path: "token" } },
        ],
      },
    },
    ['volume "v" (Projected ServiceAccountToken): overlapping paths: "token" with "token"'],
  ],
  [
    "a bundle in the way",
    {
      projected: {
        sources: [
          { downwardAPI: { items: files("a") } },
          { clusterTrustBundle: { name: "b", path: "a/b" } },
        ],
      },
    },
    ['volume "v" (Projected ClusterTrustBundle "b"): overlapping paths: "a/b" with "a"'],
  ],
  [
    "no source",
    { projected: { sources: [{}] } },
    ['volume "v" (Projected) has no sources provided'],
  ],
  ["names that only begin alike", { configMap: { name: "c", items: files("a", "ab", "b/a") } }, []],
])("a volume is warned of %s", (_, volume, warnings) => {
  expect(ofSpec({ volumes: [{ name: "v", ...volume }] })).toEqual(warnings);
});

test("a common pod is warned of nothing", () => {
  const spec = {
    nodeSelector: { "kubernetes.io/os": "linux" },
    terminationGracePeriodSeconds: 0,
    imagePullSecrets: [{ name: "a" }, { name: "b" }],
    hostAliases: [{ ip: "10.0.0.1", hostnames: ["a"] }],
    dnsConfig: { nameservers: ["10.0.0.1", "2001:db8::1"] },
    topologySpreadConstraints: [{ ...spread, topologyKey: "kubernetes.io/hostname" }],
    volumes: [{ name: "v", configMap: { name: "c" } }],
    containers: [
      container({
        env: [{ name: "A", value: "1" }, { name: "B" }],
        ports: [{ containerPort: 80 }, { containerPort: 81 }],
        resources: { limits: { memory: "1.5Gi", "ephemeral-storage": "1G" } },
      }),
    ],
  };
  expect(ofSpec(spec)).toEqual([]);
});

test("very many ports and files are not all compared", () => {
  const ports = Array.from({ length: 20_000 }, (_, index) => ({
    containerPort: 80,
    hostPort: 80,
    hostIP: `10.0.${index >> 8}.${index & 255}`,
  }));
  const items = Array.from({ length: 20_000 }, (_, index) => ({ key: "k", path: `f${index}` }));
  const volumes = [{ name: "v", configMap: { name: "c", items } }];
  expect(ofSpec({ containers: [container({ ports })], volumes })).toEqual([]);
});
