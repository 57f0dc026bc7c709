/** What a path of ARM's URL space names. Literals match in any case. */
import type { FleetId } from "../lib/document.ts";
import { ArmError } from "./arm-error.ts";

export const provider = "Microsoft.ContainerService";

export type ArmPath =
  | { readonly kind: "operations" }
  | { readonly kind: "resource-group"; readonly subscriptionId: string; readonly group: string }
  | { readonly kind: "operation-result"; readonly subscriptionId: string; readonly id: string }
  | ResourcePath;

/** "/subscriptions/S[/resourceGroups/G]/providers/Microsoft.ContainerService/fleets/…" */
export interface ResourcePath {
  readonly kind: "resource";
  readonly subscriptionId: string;
  readonly group?: string;
  /** "fleets", "fleets/members": lower-cased. */
  readonly type: string;
  /** One for each part of the type; one less for a collection. */
  readonly names: readonly string[];
  /** What comes after the last name, of what may be an action: "listcredentials". */
  readonly last?: string;
}

const segmentsMax = 20;
const segmentMax = 260;
/** The id of an operation names the document that it is about. */
const operationIdMax = 1_024;

/** Undefined for what is not in ARM's URL space. */
export function parseArmPath(pathname: string): ArmPath | undefined {
  const segments = segmentsOf(pathname);
  const [first, subscriptionId = "", second, group = "", ...rest] = segments;
  if (isText(first, "providers")) {
    const isOperations = isText(segments[1], provider) && isText(segments[2], "operations");
    return isOperations && segments.length === 3 ? { kind: "operations" } : undefined;
  }
  if (!isText(first, "subscriptions") || subscriptionId === "") return undefined;
  if (isText(second, "resourceGroups") && group !== "") {
    checkGroupName(group);
    if (rest.length === 0) return { kind: "resource-group", subscriptionId, group };
    const below = belowProvider(rest);
    return below && { ...resourcePath(below), subscriptionId, group };
  }
  const below = belowProvider(segments.slice(2));
  if (below === undefined) return undefined;
  const [locations, , results, id] = below;
  if (isText(locations, "locations") && isText(results, "operationResults") && id !== undefined) {
    return { kind: "operation-result", subscriptionId, id };
  }
  return { ...resourcePath(below), subscriptionId };
}

const groupNameMax = 90;

/** A name that a path must encode would be another path in the ids that are made of it. */
function checkGroupName(group: string): void {
  const wrong = group.replaceAll(/[\p{L}\p{N}_().-]/gu, "");
  if (wrong === "" && !group.endsWith(".") && group.length <= groupNameMax) return;
  const because =
    wrong === ""
      ? `must have at most ${groupNameMax} characters and not end with a period`
      : `has these invalid characters: '${wrong}'. ` +
        "The name can only be a letter, digit, '-', '.', '(', ')' or '_'";
  const message = `The provided resource group name '${group}' ${because}.`;
  throw new ArmError(400, "InvalidResourceGroup", message);
}

/** The lower-cased ARM id of the fleet that the path is about or below. */
export const fleetIdOf = ({ subscriptionId, group, names }: ResourcePath): FleetId =>
  (
    `/subscriptions/${subscriptionId}/resourcegroups/${group}` +
    `/providers/${provider}/fleets/${names[0]}`
  ).toLowerCase() as FleetId;

function resourcePath(below: readonly string[]): Omit<ResourcePath, "subscriptionId"> {
  const types = below.filter((_, index) => index % 2 === 0).map((each) => each.toLowerCase());
  const names = below.filter((_, index) => index % 2 === 1);
  const last = below.length % 2 === 1 ? types.at(-1) : undefined;
  return { kind: "resource", type: types.join("/"), names, ...(last !== undefined && { last }) };
}

function belowProvider([providers, name, ...below]: readonly string[]): string[] | undefined {
  const isOurs = isText(providers, "providers") && isText(name, provider) && below.length > 0;
  return isOurs ? below : undefined;
}

const isText = (one: string | undefined, other: string) =>
  one?.toLowerCase() === other.toLowerCase();

function segmentsOf(pathname: string): string[] {
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const isTooLong = (segment: string, index: number) =>
    segment.length >
    (isText(segments[index - 1], "operationResults") ? operationIdMax : segmentMax);
  if (segments.length > segmentsMax || segments.some(isTooLong)) {
    throw new ArmError(414, "UriTooLong", "Cannot read the path: it is too long");
  }
  return segments.map(decode);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    const message = `Cannot read the path: "${segment}" must be percent-encoded UTF-8`;
    throw new ArmError(400, "InvalidRequestUri", message);
  }
}
