import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { at, isArray, isObject } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, whole } from "../rule.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";
import { containersOf } from "./containers-of.ts";

/**
 * The system that a pod says it is for, and the fields that the other system has: "spec.os". A rule
 * for the whole spec of a pod.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/#pod-os
 */
export const podOsRule: Rule = whole((spec, path) => {
  const { os } = spec;
  if (!isObject(os)) return [];
  const name = textOrEmpty(os["name"]);
  switch (name) {
    case undefined:
      return [];
    case "":
      return [requiredValue(`${path}.os.name`, "cannot be empty")];
    case "linux":
      return windowsFields(spec, path);
    case "windows":
      return linuxFields(spec, path);
    default:
      return [unsupportedValue(`${path}.os`, name, ["linux", "windows"])];
  }
});

function windowsFields(spec: JsonObject, path: string): readonly FieldError[] {
  const because = "windows options cannot be set for a linux pod";
  return errorsOfItems(contextsOf(spec, path), ({ owner, where }) => {
    const name = "securityContext.windowsOptions";
    return isSet(found(owner, name)) ? [forbiddenField(`${where}.${name}`, because)] : [];
  });
}

const linuxFieldsOfPod = [
  ...["securityContext.appArmorProfile", "securityContext.seLinuxOptions", "hostUsers"],
  ...["hostPID", "hostIPC", "securityContext.seccompProfile", "securityContext.fsGroup"],
  ...["securityContext.fsGroupChangePolicy", "securityContext.sysctls"],
  ...["shareProcessNamespace", "securityContext.runAsUser", "securityContext.runAsGroup"],
  ...["securityContext.supplementalGroups", "securityContext.supplementalGroupsPolicy"],
];

const linuxFieldsOfContainer = [
  ...["appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities"],
  ...["readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount"],
  ...["runAsUser", "runAsGroup"],
].map((name) => `securityContext.${name}`);

function linuxFields(spec: JsonObject, path: string): readonly FieldError[] {
  const [pod, ...containers] = contextsOf(spec, path);
  const of = (names: readonly string[], { owner, where }: Owner): readonly FieldError[] =>
    names
      .filter((name) => isUsed(name, found(owner, name)))
      .map((name) => forbiddenField(`${where}.${name}`, "cannot be set for a windows pod"));
  return [
    ...(pod === undefined ? [] : of(linuxFieldsOfPod, pod)),
    ...errorsOfItems(containers, (container) => of(linuxFieldsOfContainer, container)),
  ];
}

/** To Go, `false` of the host's namespaces and an empty list of parameters are the defaults. */
function isUsed(name: string, value: Json | undefined): boolean {
  if (name === "hostPID" || name === "hostIPC") return value === true;
  if (name === "securityContext.sysctls") return isArray(value) && value.length > 0;
  return isSet(value);
}

interface Owner {
  readonly owner: Json;
  readonly where: string;
}

/** The pod, and then its containers: what has a security context. */
function contextsOf(spec: JsonObject, path: string): readonly Owner[] {
  const containers = containersOf(spec, path);
  return [
    { owner: spec, where: path },
    ...containers.map(({ container, where }) => ({ owner: container, where })),
  ];
}

function found(owner: Json, path: string): Json | undefined {
  return at(owner, ...path.split("."));
}
