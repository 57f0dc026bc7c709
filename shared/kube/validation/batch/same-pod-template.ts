import type { Json } from "../../../lib/kube-object.ts";
import { at, fieldsOf, isArray, isObject, jsonEquals, objectOf } from "../../json.ts";

/** What a kube-apiserver writes into a pod's fields that are absent. */
const defaults: Readonly<Record<string, Json>> = {
  apiVersion: "v1",
  cachingMode: "ReadWrite",
  defaultMode: 420,
  divisor: "0",
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  expirationSeconds: 3_600,
  failureThreshold: 3,
  iscsiInterface: "default",
  keyring: "/etc/ceph/keyring",
  kind: "Shared",
  path: "/",
  periodSeconds: 10,
  pool: "rbd",
  preemptionPolicy: "PreemptLowerPriority",
  protocol: "TCP",
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  scheme: "HTTP",
  storageMode: "ThinProvisioned",
  successThreshold: 1,
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  timeoutSeconds: 1,
  user: "admin",
  volumeMode: "Filesystem",
};

/** Those whose defaults depend on other fields, or on the cluster: any value can be one. */
const derived = ["fsType", "hostPort", "imagePullPolicy", "priority", "requests"];
const derivedFromNames = ["serviceAccount", "serviceAccountName"];

/**
 * Whether two pod templates are the same once their defaults are set. What is empty is the same as
 * what is absent. In doubt they are the same: the cluster that runs the pods has the last word.
 */
export function isSamePodTemplate(left: Json | undefined, right: Json | undefined): boolean {
  if (isArray(left) && isArray(right)) {
    return (
      left.length === right.length &&
      left.every((item, index) => isSamePodTemplate(item, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) {
    return jsonEquals(left, right) || (isEmpty(left) && isEmpty(right));
  }
  const names = new Set([...fieldsOf(left), ...fieldsOf(right)].map(([name]) => name));
  return [...names].every((name) => {
    const [mine, other] = [at(left, name), at(right, name)];
    if (namedByUsers.has(name)) return hasSameEntries(mine, other);
    if (mine !== undefined && other !== undefined) return isSamePodTemplate(mine, other);
    return isDefault(name, mine ?? other);
  });
}

/** Maps whose keys are anybody's words, of which none has a default. */
const namedByUsers: ReadonlySet<string> = new Set([
  "annotations",
  "labels",
  "matchLabels",
  "nodeSelector",
  "options",
  "volumeAttributes",
]);

function hasSameEntries(left: Json | undefined, right: Json | undefined): boolean {
  if (isArray(left) || isArray(right)) return isSamePodTemplate(left, right);
  return jsonEquals(objectOf(left), objectOf(right));
}

function isDefault(name: string, value: Json | undefined): boolean {
  if (isEmpty(value) || derived.includes(name) || derivedFromNames.includes(name)) return true;
  return Object.hasOwn(defaults, name) && jsonEquals(defaults[name], value);
}

/** Nothing to Go: its zero values, and what holds nothing but such. */
function isEmpty(value: Json | undefined): boolean {
  if (isArray(value)) return value.length === 0;
  if (isObject(value)) return fieldsOf(value).every(([name, each]) => isDefault(name, each));
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}
