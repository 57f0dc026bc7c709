/**
 * Nobody grants what it does not hold: writes of Roles and ClusterRoles need each permission that
 * their rules give, or the verb "escalate"; writes of bindings need each permission of the role
 * that they refer to, or the verb "bind" on it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
import type { JsonObject } from "../../lib/kube-object.ts";
import type { Admission, AdmissionAttributes } from "../admission.ts";
import { jsonEquals, omit } from "../json.ts";
import type { Access, AccessAttributes, KubeCaller } from "../kube-api.ts";
import type { KubeObject } from "../served-kind.ts";
import { forbidden, resourceName, StatusError } from "../status-error.ts";
import { everything } from "./default-roles.ts";
import { type PolicyRule, rulesOf } from "./policy-rule.ts";
import { missingRole } from "./rbac-access.ts";
import { type RoleRef, roleRefOf } from "./rbac-policy.ts";
import { rbacGroup } from "./rbac-rules.ts";
import { listText, ruleText, uncoveredRules } from "./uncovered-rules.ts";

/** What is known of the caller, as far as it may pass on. */
export interface RbacAuthority {
  readonly caller: Pick<KubeCaller, "name" | "groups">;
  readonly authorize: (attributes: AccessAttributes) => Promise<Access>;
  /** The rules that the caller holds in a namespace; "" for everywhere. */
  readonly held: (namespace: string) => Promise<readonly PolicyRule[]>;
  /** The rules of the role that a binding in the namespace refers to; undefined for none. */
  readonly behind: (
    roleRef: RoleRef,
    namespace: string,
  ) => Promise<readonly PolicyRule[] | undefined>;
}

/** Refuses with 403, and with 404 for a binding to a role that is not there. */
export function rbacAdmission(authority: RbacAuthority): Admission {
  return async (attributes, object, before) => {
    const { kind, operation } = attributes;
    if (kind.group !== rbacGroup || operation === "delete" || object === undefined) return;
    // Whoever only collects garbage passes nothing on.
    if (before !== undefined && jsonEquals(grantOf(before), grantOf(object))) return;
    const written: Written = { attributes, object, before, authority };
    if (kind.plural === "roles" || kind.plural === "clusterroles") await checkRole(written);
    else await checkBinding(written);
  };
}

interface Written {
  readonly attributes: AdmissionAttributes;
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
  readonly authority: RbacAuthority;
}

const garbageFields = ["ownerReferences", "finalizers", "managedFields"];

/** All but what a collector of garbage changes. Labels count: other roles aggregate by them. */
function grantOf(object: KubeObject): JsonObject {
  return { ...object, metadata: omit(object.metadata, garbageFields) };
}

async function checkRole(written: Written): Promise<void> {
  const { attributes, object, before, authority } = written;
  const { kind, namespace, name } = attributes;
  const where = { ...(namespace !== undefined && { namespace }), name };
  const escalates: AccessAttributes = {
    kind: "resource",
    verb: "escalate",
    group: rbacGroup,
    resource: kind.plural,
    ...where,
  };
  if ((await authority.authorize(escalates)).allowed) return;
  await checkHeld(rulesOf(object["rules"]), written);
  const aggregates = [object, before].some((each) => each?.["aggregationRule"] !== undefined);
  if (!aggregates) return;
  // Whoever chooses labels to aggregate by cannot know what others will label.
  const missing = uncoveredRules(await authority.held(""), everything);
  if (missing.length === 0) return;
  throw refusal(attributes, "must have cluster-admin privileges to use the aggregationRule");
}

async function checkBinding(written: Written): Promise<void> {
  const { attributes, object, authority } = written;
  const roleRef = roleRefOf(object["roleRef"]);
  const namespace = attributes.namespace ?? "";
  const binds: AccessAttributes = {
    kind: "resource",
    verb: "bind",
    group: rbacGroup,
    resource: roleRef.kind === "Role" ? "roles" : "clusterroles",
    ...(namespace !== "" && { namespace }),
    name: roleRef.name,
  };
  if ((await authority.authorize(binds)).allowed) return;
  const rules = await authority.behind(roleRef, namespace);
  if (rules === undefined) throw new StatusError(404, "NotFound", missingRole(roleRef));
  await checkHeld(rules, written);
}

async function checkHeld(rules: readonly PolicyRule[], written: Written): Promise<void> {
  const { attributes, authority } = written;
  const missing = uncovered(await authority.held(attributes.namespace ?? ""), rules, attributes);
  if (missing.length === 0) return;
  const { name, groups } = authority.caller;
  const lines = [...new Set(missing.map(ruleText))].toSorted();
  throw refusal(
    attributes,
    `user ${JSON.stringify(name)} (groups=${listText(groups)}) is attempting to grant RBAC ` +
      `permissions not currently held:\n${lines.join("\n")}`,
  );
}

function uncovered(
  held: readonly PolicyRule[],
  rules: readonly PolicyRule[],
  attributes: AdmissionAttributes,
): readonly PolicyRule[] {
  try {
    return uncoveredRules(held, rules);
  } catch (error) {
    if (error instanceof RangeError) throw refusal(attributes, error.message);
    throw error;
  }
}

function refusal({ kind, name }: AdmissionAttributes, because: string): StatusError {
  return forbidden(`${resourceName(kind)} ${JSON.stringify(name)} is forbidden: ${because}`, {
    name,
    group: kind.group,
    kind: kind.plural,
  });
}
