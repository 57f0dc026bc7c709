/**
 * `kubectl --as`: a caller acts as somebody else, if it may impersonate each thing that it says the
 * other is.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
import type { Access, AccessAttributes, KubeCaller } from "../kube-api.ts";
import { accessDenied } from "../rest/check-access.ts";
import { badRequest } from "../status-error.ts";

/** So many groups and other claims are checked one by one. */
const claimsMax = 100;

const extraPrefix = "impersonate-extra-";

/** Who is asked for in the headers of a request. */
interface Wanted {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string;
  /** By name: lower-cased, percent-decoded. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * Whom the request is to be served as; undefined when its headers name nobody else. `authorize` is
 * the caller's own. Throws 403 for what the caller may not be, and 400 for groups, a uid or extras
 * without a user. Where several headers of a name were sent, what holds a comma counts as several.
 *
 *     const acting = await impersonated(request.headers, caller, authorize);
 */
export async function impersonated(
  headers: Headers,
  caller: Pick<KubeCaller, "name">,
  authorize: (attributes: AccessAttributes) => Access | Promise<Access>,
): Promise<KubeCaller | undefined> {
  const wanted = wantedOf(headers);
  if (wanted === undefined) return undefined;
  const claims = claimsOf(wanted);
  if (claims.length > claimsMax) {
    throw badRequest(`a request may impersonate no more than ${claimsMax} groups and extras`);
  }
  for (const claim of claims) {
    const access = await authorize(claim);
    if (!access.allowed) throw accessDenied(claim, caller.name, access.reason);
  }
  const { user, uid, extra } = wanted;
  return {
    name: user,
    ...(uid !== "" && { uid }),
    groups: groupsOf(wanted),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function wantedOf(headers: Headers): Wanted | undefined {
  const user = headers.get("impersonate-user") ?? "";
  const uid = headers.get("impersonate-uid") ?? "";
  const groups = listOf(headers.get("impersonate-group"));
  const extra = Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith(extraPrefix))
      .map(([name, value]) => [decoded(name.slice(extraPrefix.length)), listOf(value)]),
  );
  if (user !== "") return { user, uid, groups, extra };
  if (uid === "" && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw badRequest(
    "requested impersonation of groups, a uid or extras without impersonating a user",
  );
}

/** Headers of one name come as one, joined by ", ". */
function listOf(value: string | null): readonly string[] {
  return value === null ? [] : value.split(", ");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // As Kubernetes does: what is not encoded stands for itself.
    return text;
  }
}

const impersonate = { kind: "resource", verb: "impersonate" } as const;
const authentication = { ...impersonate, group: "authentication.k8s.io" } as const;

function claimsOf({ user, groups, uid, extra }: Wanted): readonly AccessAttributes[] {
  const account = serviceAccountOf(user);
  const own: AccessAttributes =
    account === undefined
      ? { ...impersonate, group: "", resource: "users", name: user }
      : { ...impersonate, group: "", resource: "serviceaccounts", ...account };
  return [
    own,
    ...groups.map((name) => ({ ...impersonate, group: "", resource: "groups", name })),
    ...Object.entries(extra).flatMap(([subresource, values]) =>
      values.map((name) => ({ ...authentication, resource: "userextras", subresource, name })),
    ),
    ...(uid === "" ? [] : [{ ...authentication, resource: "uids", name: uid }]),
  ];
}

interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** "system:serviceaccount:shop:web" */
function serviceAccountOf(user: string): ServiceAccount | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** Groups that are named are all there are, but for the one that says whether it is anybody. */
function groupsOf({ user, groups }: Wanted): readonly string[] {
  const account = serviceAccountOf(user);
  const own =
    groups.length === 0 && account !== undefined
      ? ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`]
      : groups;
  const isTold = own.some((each) => ends.includes(each));
  const end = user === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  return isTold ? own : [...own, end];
}

const ends = ["system:authenticated", "system:unauthenticated"];
