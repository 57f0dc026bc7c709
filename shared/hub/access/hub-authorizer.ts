import type { Store } from "../../effects/store.ts";
import { type Admission, admissionOf } from "../../kube/admission.ts";
import { jsonEquals } from "../../kube/json.ts";
import type { Access, AccessAttributes, AccessRules, KubeCaller } from "../../kube/kube-api.ts";
import { grantsOf, type RbacUser, rbacAccess, rulesBehind } from "../../kube/rbac/rbac-access.ts";
import { rbacAdmission } from "../../kube/rbac/rbac-admission.ts";
import { type RbacObjects, rbacObjectsOf } from "../../kube/rbac/rbac-objects.ts";
import { rbacGroup } from "../../kube/rbac/rbac-rules.ts";
import { signerAdmission } from "../../kube/rbac/signer-admission.ts";
import { forbidden, resourceName } from "../../kube/status-error.ts";
import type { FleetId } from "../../lib/document.ts";
import { customAccess, hasCustomAccess, neededAppRole } from "./app-roles.ts";
import { builtInPolicy, hubPolicy, isBuiltIn, isKnownEverywhere, isKnownIn } from "./hub-policy.ts";

export interface HubAuthorizerOptions {
  /** `hubCaller(…)` of a token, or whom it impersonates. */
  readonly caller: KubeCaller;
  readonly store: Pick<Store, "head" | "list">;
  readonly fleet: FleetId;
  /** False for a fleet that is not there: nothing is read, only what is built in counts. */
  readonly exists?: boolean;
  /** The token leaves groups out because there are too many: a refusal says so. */
  readonly groupsOmitted?: boolean;
}

/** What one caller may do on one fleet's hub: fits the fields of `KubeApi` of these names. */
export interface HubAuthorizer {
  readonly authorize: (attributes: AccessAttributes) => Promise<Access>;
  readonly authorizeFor: (user: KubeCaller, attributes: AccessAttributes) => Promise<Access>;
  readonly rules: (namespace: string) => Promise<AccessRules>;
  /** Nobody grants more than it has, and what is built in stays as it is. */
  readonly admit: Admission;
  /**
   * Whether the caller has no more than everybody: neither an app role nor a binding names it. A
   * stranger must not learn which fleets there are.
   */
  readonly isStranger: () => Promise<boolean>;
}

/**
 * Decides as Kubernetes' RBAC does: by what is built in (app roles of the token, which count in
 * every fleet, and discovery), which costs no read, then by the RBAC objects of the fleet, which
 * this process keeps for as long as `RbacObjectsCache` says. Rules only add, so the order decides
 * nothing. Throws "Unavailable" when the objects are needed and cannot be read.
 */
export function hubAuthorizer(options: HubAuthorizerOptions): HubAuthorizer {
  const { caller, store, fleet, exists = true, groupsOmitted = false } = options;
  const user = userOf(caller);
  const objects = async (): Promise<RbacObjects> =>
    exists ? await rbacObjectsOf(store).read(fleet) : noObjects;
  const policy = async () => hubPolicy(await objects());

  const authorizeFor = async (who: KubeCaller, attributes: AccessAttributes): Promise<Access> => {
    const atOnce = rbacAccess(builtInPolicy, userOf(who), attributes);
    if (atOnce.allowed) return atOnce;
    const byAppRole = customAccess(who.groups, attributes);
    return byAppRole.allowed ? byAppRole : rbacAccess(await policy(), userOf(who), attributes);
  };
  const authorize = async (attributes: AccessAttributes): Promise<Access> => {
    const access = await authorizeFor(caller, attributes);
    if (access.allowed) return access;
    const { incomplete } = await objects();
    const why = [access.reason, adviceOn(attributes, groupsOmitted), incomplete ?? ""];
    return { allowed: false, reason: why.filter((each) => each !== "").join("; ") };
  };
  const held = async (namespace: string) =>
    grantsOf(await policy(), user, namespace).rules.map(({ rule }) => rule);

  return {
    authorize,
    authorizeFor,
    rules: async (namespace) => {
      const because = (await objects()).incomplete ?? customResources(caller);
      return {
        rules: [...new Set(await held(namespace))],
        ...(because !== undefined && { incomplete: because }),
      };
    },
    admit: admissionOf(
      keepBuiltIn,
      signerAdmission(async (attributes) => await authorizeFor(caller, attributes)),
      rbacAdmission({
        caller,
        authorize: async (attributes) => await authorizeFor(caller, attributes),
        held,
        behind: async (roleRef, namespace) => rulesBehind(await policy(), roleRef, namespace),
      }),
    ),
    isStranger: async () => !(isKnownEverywhere(user) || isKnownIn(await objects(), user)),
  };
}

const noObjects: RbacObjects = { roles: [], bindings: [] };

function userOf({ name, aliases = [], groups }: KubeCaller): RbacUser {
  return { names: [name, ...aliases], groups };
}

function customResources({ groups }: KubeCaller): string | undefined {
  return hasCustomAccess(groups) ? "resources that users define are not listed" : undefined;
}

function adviceOn(attributes: AccessAttributes, groupsOmitted: boolean): string {
  const role = neededAppRole(builtInPolicy, attributes);
  const advice = `you need the app role "${role}" or a binding to a role that allows it`;
  return groupsOmitted
    ? `${advice}; your groups do not count, because you are in too many for a token to name them`
    : advice;
}

/** What is built in is shown as objects, and decided by the code: a change would only mislead. */
const keepBuiltIn: Admission = ({ kind, name, operation }, object, before) => {
  if (kind.group !== rbacGroup || operation === "create" || !isBuiltIn(kind.plural, name)) return;
  if (object !== undefined && jsonEquals(object, before)) return;
  throw forbidden(
    `${resourceName(kind)} ${JSON.stringify(name)} is forbidden: it is built in and cannot be ` +
      "changed or deleted: make one of another name",
    { name, group: kind.group, kind: kind.plural },
  );
};
