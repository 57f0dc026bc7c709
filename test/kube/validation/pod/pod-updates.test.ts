import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { podRules } from "../../../../shared/kube/validation/pod/pod-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";

const web: JsonObject = { name: "web", image: "nginx:1" };
const gpu: JsonObject = { key: "gpu", operator: "Exists", effect: "NoSchedule" };

function pod(spec: JsonObject = {}): KubeObject {
  const metadata = { name: "web", namespace: "shop" };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [web], ...spec } };
}

const fixed =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`," +
  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only " +
  "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set " +
  "to 1 if it was previously negative)";

const noContainers = "Forbidden: pod updates may not add or remove containers";
const keptToleration =
  "spec.tolerations: Forbidden: existing toleration can not be modified except its " +
  "tolerationSeconds";
const onlyAdditions = "only additions are allowed (no mutations or deletions)";
const terms =
  "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

const gates = (...names: string[]): JsonObject => ({
  schedulingGates: names.map((name) => ({ name })),
});
const zone = (...values: string[]): JsonObject => ({ key: "zone", operator: "In", values });
const arch: JsonObject = { key: "arch", operator: "Exists" };
const on = (...nodeSelectorTerms: Json[]): JsonObject => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  },
});
const tpm: JsonObject = { matchExpressions: [zone("1")] };

type Update = readonly [name: string, before: KubeObject, after: KubeObject];

const bad: (readonly [...Update, want: readonly string[]])[] = [
  [
    "adds a container, which is all that is told",
    pod(),
    pod({ containers: [web, { ...web, name: "b" }], nodeName: "node-1" }),
    [`spec.containers: ${noContainers}`],
  ],
  [
    "adds an init container",
    pod(),
    pod({ initContainers: [{ ...web, name: "init" }] }),
    [`spec.initContainers: ${noContainers}`],
  ],
  [
    "takes an image away",
    pod(),
    pod({ containers: [{ name: "web" }] }),
    ["spec.containers[0].image: Required value", "spec.containers[0].image: Required value"],
  ],
  [
    "puts space around an image",
    pod({ initContainers: [{ ...web, name: "init" }] }),
    pod({ initContainers: [{ name: "init", image: " nginx" }] }),
    [
      'spec.initContainers[0].image: Invalid value: " nginx": must not have leading or trailing ' +
        "whitespace",
    ],
  ],
  [
    "gives more time, which is all that is told",
    pod({ activeDeadlineSeconds: 10 }),
    pod({ activeDeadlineSeconds: 11, nodeName: "node-1" }),
    ["spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value"],
  ],
  [
    "gives all the time there is",
    pod({ activeDeadlineSeconds: 10 }),
    pod(),
    [
      "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer " +
        "to nil value",
    ],
  ],
  [
    "gives no time",
    pod(),
    pod({ activeDeadlineSeconds: -1 }),
    [
      "spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive",
      "spec.activeDeadlineSeconds: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ],
  ],
  ["tolerates less", pod({ tolerations: [gpu] }), pod(), [keptToleration]],
  [
    "tolerates something else",
    pod({ tolerations: [gpu] }),
    pod({ tolerations: [{ ...gpu, effect: "NoExecute" }] }),
    [keptToleration],
  ],
  [
    "adds gates",
    pod(gates("example.com/a")),
    pod(gates("example.com/a", "example.com/b", "example.com/c")),
    [
      "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new " +
        "scheduling gate 'example.com/b'",
      "spec.schedulingGates[2].name: Forbidden: only deletion is allowed, but found new " +
        "scheduling gate 'example.com/c'",
    ],
  ],
  ["changes an argument", pod(), pod({ containers: [{ ...web, args: ["-v"] }] }), [fixed]],
  ["chooses other nodes", pod(), pod({ nodeSelector: { disk: "ssd" } }), [fixed]],
  [
    "chooses nodes by a word that is a default elsewhere",
    pod({ nodeSelector: { user: "admin" } }),
    pod({ nodeSelector: { pool: "rbd", kind: "Shared" } }),
    [fixed],
  ],
  [
    "changes what it may use",
    pod({ containers: [{ ...web, resources: { limits: { cpu: "1" } } }] }),
    pod({ containers: [{ ...web, resources: { limits: { cpu: "2" } } }] }),
    [fixed],
  ],
  [
    "gives it time to end",
    pod({ terminationGracePeriodSeconds: 30 }),
    pod({ terminationGracePeriodSeconds: 1 }),
    [fixed],
  ],
  [
    "of a gated one lets it onto more nodes",
    pod({ ...gates("a"), nodeSelector: { disk: "ssd" }, ...on(tpm) }),
    pod({ ...gates("a"), nodeSelector: { zone: "1" }, ...on(tpm, tpm) }),
    [
      'spec.nodeSelector: Invalid value: {"zone":"1"}: only additions to spec.nodeSelector are ' +
        "allowed (no mutations or deletions)",
      `${terms}: Invalid value: ${JSON.stringify([tpm, tpm])}: no additions/deletions to ` +
        "non-empty NodeSelectorTerms list are allowed",
    ],
  ],
  [
    "of a gated one changes on which nodes it runs",
    pod({ ...gates("a"), ...on(tpm, { matchFields: [] }) }),
    pod({ ...gates("a"), ...on({ matchExpressions: [zone("2"), arch] }, tpm) }),
    [
      `${terms}[0]: Invalid value: ${JSON.stringify({ matchExpressions: [zone("2"), arch] })}: ` +
        onlyAdditions,
      `${terms}[1]: Invalid value: ${JSON.stringify(tpm)}: ${onlyAdditions}`,
    ],
  ],
  [
    "of a gated one changes what it runs",
    pod(gates("a")),
    pod({ ...gates("a"), hostname: "other", nodeSelector: { disk: "ssd" } }),
    [fixed],
  ],
];

test.each(bad)("an update of a pod that %s is refused", (_, before, after, want) => {
  expect(errorsOf(podRules, after, before)).toEqual(want);
});

/** As a server shows it. */
const shown = pod({
  containers: [
    {
      ...web,
      imagePullPolicy: "IfNotPresent",
      resources: { limits: { cpu: "1", memory: "1Gi" } },
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    },
  ],
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  securityContext: {},
  serviceAccount: "default",
  serviceAccountName: "default",
  terminationGracePeriodSeconds: 30,
});
const written = pod({
  containers: [{ ...web, resources: { limits: { cpu: "1000m", memory: "1024Mi" } } }],
});

function probed(handler: JsonObject, azureDisk: JsonObject): KubeObject {
  const livenessProbe = { httpGet: { port: 80, ...handler } };
  return pod({ containers: [{ ...web, livenessProbe }], volumes: [{ name: "disk", azureDisk }] });
}

const good: Update[] = [
  ["changes nothing", pod(), pod()],
  ["leaves the defaults to the server", shown, written],
  ["writes the defaults", written, shown],
  [
    "writes what disks and probes are when nothing is said",
    probed({}, { diskName: "a", diskURI: "b" }),
    probed({ path: "/" }, { diskName: "a", diskURI: "b", kind: "Shared", fsType: "ext4" }),
  ],
  ["takes another image", pod(), pod({ containers: [{ ...web, image: "nginx:2" }] })],
  ["sets a deadline", pod(), pod({ activeDeadlineSeconds: 10 })],
  [
    "brings a deadline nearer",
    pod({ activeDeadlineSeconds: 10 }),
    pod({ activeDeadlineSeconds: 5 }),
  ],
  ["tolerates more", pod(), pod({ tolerations: [gpu] })],
  [
    "tolerates for another time, in another order",
    pod({ tolerations: [{ operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }, gpu] }),
    pod({ tolerations: [gpu, { operator: "Exists", effect: "NoExecute", value: "" }] }),
  ],
  ["takes gates away", pod(gates("a", "b")), pod(gates("b"))],
  [
    "mends how long it takes to end",
    pod({ terminationGracePeriodSeconds: -1 }),
    pod({ terminationGracePeriodSeconds: 1 }),
  ],
  [
    "of a gated one chooses its nodes",
    pod(gates("a")),
    pod({ ...gates("a"), nodeSelector: { disk: "ssd" }, ...on(tpm) }),
  ],
  [
    "of a gated one narrows its nodes as its last gate goes",
    pod({ ...gates("a"), nodeSelector: { disk: "ssd" }, ...on(tpm, { matchFields: [] }) }),
    pod({
      nodeSelector: { disk: "ssd", zone: "1" },
      ...on({ matchExpressions: [zone("1"), arch] }, {}),
    }),
  ],
];

test.each(good)("an update of a pod that %s is taken", (_, before, after) => {
  // An empty term, and a time to end that is negative, are as pods of long ago have them.
  const old = new Set(errorsOf(podRules, before));
  expect(errorsOf(podRules, after, before).filter((error) => !old.has(error))).toEqual([]);
});

test("updates of pods with very many tolerations are compared in a moment", () => {
  const tolerations = Array.from({ length: 50_000 }, (_, index) => ({ ...gpu, key: `k${index}` }));
  const start = performance.now();
  expect(
    errorsOf(podRules, pod({ tolerations: tolerations.toReversed() }), pod({ tolerations })),
  ).toEqual([]);
  expect(performance.now() - start).toBeLessThan(3_000);
});

test("the rules of pods never throw", () => {
  expectNeverThrows(
    podRules,
    shown,
    pod({ ...gates("a"), nodeSelector: { disk: "ssd" }, ...on(tpm), tolerations: [gpu] }),
    pod({ activeDeadlineSeconds: 5, initContainers: [{ ...web, name: "init" }] }),
  );
});
