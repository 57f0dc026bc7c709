import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, objectOf, textOf } from "../json.ts";
import { containersOf } from "../validation/pod/containers-of.ts";
import { below } from "../validation/rule.ts";
import { addressListWarnings, addressWarnings } from "./address-warnings.ts";
import { containerWarnings, seccompSentence } from "./container-warnings.ts";
import { fractionalBytes } from "./fractional-bytes.ts";
import { deprecatedLabel, labelMapWarnings, nodeTermWarnings } from "./node-label-warnings.ts";
import { portWarnings } from "./port-warnings.ts";
import { volumesWarnings } from "./volume-warnings.ts";

const retiredAnnotations: readonly (readonly [key: string, because: string])[] = [
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  [
    "security.alpha.kubernetes.io/sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    "security.alpha.kubernetes.io/unsafe-sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
];

const seccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod";

/**
 * A Pod, or the template of one ("spec.template"), that a kube-apiserver warns of.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function* podWarnings(pod: Json | undefined, path: string): Iterable<string> {
  const spec = objectOf(at(pod, "spec"));
  const specPath = below(path, "spec");
  const annotations = objectOf(at(pod, "metadata", "annotations"));
  const annotationsPath = below(path, "metadata.annotations");
  yield* placementWarnings(spec, specPath);
  for (const [key, because] of retiredAnnotations) {
    if (Object.hasOwn(annotations, key)) yield `${annotationsPath}[${key}]: ${because}`;
  }
  yield* volumesWarnings(arrayOf(spec["volumes"]), `${specPath}.volumes`);
  yield* listWarnings(spec, specPath);
  for (const resource of ["memory", "ephemeral-storage"]) {
    yield* fractionalBytes(spec["overhead"], resource, `${specPath}.overhead`);
  }
  const hasSeccomp = isObject(at(spec, "securityContext", "seccompProfile"));
  if (Object.hasOwn(annotations, seccompAnnotation) && !hasSeccomp) {
    yield `${annotationsPath}[${seccompAnnotation}]: ${seccompSentence}`;
  }
  const containers = containersOf(spec, specPath);
  for (const each of containers) {
    yield* containerWarnings({ ...each, podSpec: spec, annotations, annotationsPath });
  }
  yield* portWarnings(containers);
  const seconds = spec["terminationGracePeriodSeconds"];
  if (typeof seconds === "number" && seconds < 0) {
    yield `${specPath}.terminationGracePeriodSeconds: must be >= 0; ` +
      "negative values are invalid and will be treated as 1";
  }
  yield* podAffinityWarnings(spec, specPath);
  yield* podAddressWarnings(spec, specPath);
}

/** Where the pod may run: labels of nodes, and spreads. */
function* placementWarnings(spec: JsonObject, path: string): Iterable<string> {
  yield* labelMapWarnings(spec["nodeSelector"], (key) => `${path}.nodeSelector[${key}]`);
  const nodes = at(spec, "affinity", "nodeAffinity");
  const nodesPath = `${path}.affinity.nodeAffinity`;
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  for (const [index, term] of arrayOf(at(nodes, required, "nodeSelectorTerms")).entries()) {
    yield* nodeTermWarnings(term, `${nodesPath}.${required}.nodeSelectorTerms[${index}]`);
  }
  for (const [index, term] of arrayOf(at(nodes, preferred)).entries()) {
    const where = `${nodesPath}.${preferred}[${index}].preference`;
    yield* nodeTermWarnings(at(term, "preference"), where);
  }
  for (const [index, spread] of arrayOf(spec["topologySpreadConstraints"]).entries()) {
    const where = `${path}.topologySpreadConstraints[${index}]`;
    const key = at(spread, "topologyKey");
    const because = deprecatedLabel(key);
    if (because !== undefined) yield `${where}.topologyKey: ${key} is ${because}`;
    yield* nullSelectorWarnings(spread, where);
  }
}

/** What is told twice, or without a name. */
function* listWarnings(spec: JsonObject, path: string): Iterable<string> {
  yield* repeatedWarnings(spec, path, ["hostAliases", "ip"]);
  yield* repeatedWarnings(spec, path, ["imagePullSecrets", "name"]);
  for (const [index, secret] of arrayOf(spec["imagePullSecrets"]).entries()) {
    if ((textOf(at(secret, "name")) ?? "") !== "") continue;
    yield `${path}.imagePullSecrets[${index}].name: invalid empty name ""`;
  }
}

function* repeatedWarnings(
  spec: JsonObject,
  path: string,
  [list, field]: readonly [list: string, field: string],
): Iterable<string> {
  const seen = new Set<string>();
  for (const [index, item] of arrayOf(spec[list]).entries()) {
    const value = textOf(at(item, field)) ?? "";
    if (seen.has(value)) {
      yield `${path}.${list}[${index}].${field}: duplicate ${field} ${JSON.stringify(value)}`;
    }
    seen.add(value);
  }
}

function* podAffinityWarnings(spec: JsonObject, path: string): Iterable<string> {
  for (const affinity of ["podAffinity", "podAntiAffinity"]) {
    const terms = at(spec, "affinity", affinity);
    const required = "requiredDuringSchedulingIgnoredDuringExecution";
    const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    for (const [index, term] of arrayOf(at(terms, required)).entries()) {
      yield* nullSelectorWarnings(term, `${path}.affinity.${affinity}.${required}[${index}]`);
    }
    for (const [index, term] of arrayOf(at(terms, preferred)).entries()) {
      const where = `${path}.affinity.${affinity}.${preferred}[${index}].podAffinityTerm`;
      yield* nullSelectorWarnings(at(term, "podAffinityTerm"), where);
    }
  }
}

function* nullSelectorWarnings(term: Json | undefined, path: string): Iterable<string> {
  if (isObject(at(term, "labelSelector"))) return;
  yield `${path}.labelSelector: a null labelSelector results in matching no pod`;
}

function* podAddressWarnings(spec: JsonObject, path: string): Iterable<string> {
  const servers = at(spec, "dnsConfig", "nameservers");
  yield* addressListWarnings(servers, `${path}.dnsConfig.nameservers`);
  for (const [index, alias] of arrayOf(spec["hostAliases"]).entries()) {
    yield* addressWarnings(at(alias, "ip"), `${path}.hostAliases[${index}].ip`);
  }
}
