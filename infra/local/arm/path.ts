import { badRequest } from "./arm-error.ts";

const pathLengthMax = 2_000;
const segmentsMax = 20;
/** A name that ARM takes anywhere; what a type asks beyond it is checked with the type. */
const namePattern = /^[^<>%&\\?/#\s]{1,260}$/;

/** What a path under `/subscriptions` names; types in lower case, names as they were written. */
export interface ArmPath {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  /** `microsoft.containerservice/managedclusters/agentpools`, with a collection or an action. */
  readonly type: string;
  /** One name per level of the type: `["aks-1", "system"]`. */
  readonly names: readonly string[];
  /** The last segment, in lower case, when nothing is named by it: a collection or an action. */
  readonly tail: string | undefined;
}

/**
 * Reads a path as ARM does: the words of ARM and types in any case, one to one with a resource, a
 * collection, or an action on a resource.
 *
 *     parseArmPath("/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/loadBalancers/l")
 */
export function parseArmPath(pathname: string): ArmPath {
  const segments = segmentsOf(pathname);
  const [subscriptions, subscriptionId, ...rest] = segments;
  if (subscriptions?.toLowerCase() !== "subscriptions" || subscriptionId === undefined) {
    throw badRequest(
      "InvalidRequestUri",
      `Cannot read path "${pathname}": must name a subscription`,
    );
  }
  const [word, group, ...afterGroup] = rest;
  if (word?.toLowerCase() === "resourcegroups") {
    return pathInGroup({ subscriptionId, pathname }, group, afterGroup);
  }
  if (word?.toLowerCase() === "providers") {
    return providerPath({ subscriptionId, resourceGroup: undefined, pathname }, rest.slice(1));
  }
  if (word === undefined) {
    return plain(subscriptionId, undefined, "microsoft.resources/subscriptions");
  }
  throw badRequest("InvalidRequestUri", `Cannot read path "${pathname}": "${word}" is not known`);
}

interface Scope {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  readonly pathname: string;
}

function segmentsOf(pathname: string): readonly string[] {
  if (pathname.length > pathLengthMax) {
    throw badRequest("InvalidRequestUri", `Cannot read path: at most ${pathLengthMax} characters`);
  }
  const segments = pathname.split("/").filter((segment) => segment !== "");
  if (segments.length > segmentsMax) {
    throw badRequest("InvalidRequestUri", `Cannot read path: at most ${segmentsMax} segments`);
  }
  return segments.map((segment) => {
    const name = decoded(segment);
    if (name !== undefined && namePattern.test(name)) return name;
    throw badRequest("InvalidResourceName", `Resource name '${segment}' is invalid.`);
  });
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function pathInGroup(
  { subscriptionId, pathname }: Omit<Scope, "resourceGroup">,
  group: string | undefined,
  rest: readonly string[],
): ArmPath {
  const type = "microsoft.resources/subscriptions/resourcegroups";
  if (group === undefined) return { ...plain(subscriptionId, undefined, type), tail: type };
  const [word, ...more] = rest;
  if (word === undefined) return plain(subscriptionId, group, type);
  if (word.toLowerCase() === "providers") {
    return providerPath({ subscriptionId, resourceGroup: group, pathname }, more);
  }
  throw badRequest("InvalidRequestUri", `Cannot read path "${pathname}": "${word}" is not known`);
}

function plain(subscriptionId: string, resourceGroup: string | undefined, type: string): ArmPath {
  return { subscriptionId, resourceGroup, type, names: [], tail: undefined };
}

function providerPath(scope: Scope, segments: readonly string[]): ArmPath {
  const [namespace, ...levels] = segments;
  if (namespace === undefined || levels.length === 0) {
    throw badRequest(
      "InvalidRequestUri",
      `Cannot read path "${scope.pathname}": must name a type of a provider`,
    );
  }
  const types = levels.filter((_, index) => index % 2 === 0).map((type) => type.toLowerCase());
  const names = levels.filter((_, index) => index % 2 === 1);
  return {
    subscriptionId: scope.subscriptionId,
    resourceGroup: scope.resourceGroup,
    type: [namespace.toLowerCase(), ...types].join("/"),
    names,
    tail: types.length > names.length ? types.at(-1) : undefined,
  };
}

/**
 * The id of what `path` names, spelled as ARM does when it is created: types as in `type`, names as
 * the caller wrote them.
 */
export function idOf(path: ArmPath, type: string): string {
  const [namespace = "", ...types] = type.split("/");
  const group = path.resourceGroup === undefined ? "" : `/resourceGroups/${path.resourceGroup}`;
  const levels = types.map((each, index) => `${each}/${path.names[index] ?? ""}`);
  return `/subscriptions/${path.subscriptionId}${group}/providers/${namespace}/${levels.join("/")}`;
}

/** `/subscriptions/s/resourceGroups/r`: the group that holds the resource. */
export function groupIdOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

export function subscriptionOf(id: string): string {
  return id.split("/")[2] ?? "";
}

/** The id without its last type and name. */
export function parentIdOf(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

/** The id without its last name: the path of the collection that holds it. */
export function collectionOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/"));
}

/** The last segment. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
