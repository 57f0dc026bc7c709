import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at } from "../../json.ts";
import { between } from "../number-rules.ts";
import { all, each, fields, type Rule, whole } from "../rule.ts";
import { strictlyOneOf } from "../zero-values.ts";
import { appArmorProfileRule, seccompProfileRule } from "./security-profile-rules.ts";
import { sysctlsRule } from "./sysctls-rule.ts";
import { windowsOptionsRule } from "./windows-options-rule.ts";

/** The number of a user or a group. */
const id: Rule = between(0, 2 ** 31 - 1);

/**
 * How a pod and its volumes are secured: "spec.securityContext". What it may not be beside the
 * namespaces of its host is told by `hostNamespacesRule`.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export const podSecurityContextRule: Rule = fields({
  fsGroup: id,
  runAsUser: id,
  runAsGroup: id,
  supplementalGroups: each(id),
  sysctls: sysctlsRule,
  fsGroupChangePolicy: strictlyOneOf("Always", "OnRootMismatch"),
  seccompProfile: seccompProfileRule,
  windowsOptions: windowsOptionsRule,
  appArmorProfile: appArmorProfileRule,
  supplementalGroupsPolicy: strictlyOneOf("Merge", "Strict"),
  seLinuxChangePolicy: strictlyOneOf("MountOption", "Recursive"),
});

/**
 * What has all privileges from the start cannot be kept from getting more. A capability that is
 * added many times is told once: each error repeats the whole context.
 */
const escalationRule: Rule = whole((context, path) => {
  if (context["allowPrivilegeEscalation"] !== false) return [];
  const added = arrayOf(at(context["capabilities"], "add"));
  const others = [
    ...(context["privileged"] === true ? ["`privileged` to true"] : []),
    ...(added.includes("CAP_SYS_ADMIN") ? ["`capabilities.Add` CAP_SYS_ADMIN"] : []),
  ];
  return others.map((other) =>
    invalidValue(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${other}`),
  );
});

/** How a container is secured: "spec.containers[0].securityContext". */
export const containerSecurityContextRule: Rule = all(
  fields({
    runAsUser: id,
    runAsGroup: id,
    procMount: strictlyOneOf("Default", "Unmasked"),
    seccompProfile: seccompProfileRule,
  }),
  escalationRule,
  fields({ windowsOptions: windowsOptionsRule, appArmorProfile: appArmorProfileRule }),
);
