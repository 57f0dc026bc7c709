import { forbiddenField, invalidValue, unsupportedValue } from "../field-errors.ts";
import { type FieldRequirement, parseFieldSelector } from "../selector/field-selector.ts";
import { parseLabelSelector, type Requirement } from "../selector/label-selector.ts";
import type { ServedKind } from "../served-kind.ts";
import { badRequest, invalidOption } from "../status-error.ts";
import { booleanOf, numberOf } from "./query-options.ts";

/** What a list or a watch asks for. */
export interface ListOptions {
  readonly labels: readonly Requirement[];
  readonly fields: readonly FieldRequirement[];
  /** Left out: as many as there are. */
  readonly limit?: number;
  readonly continue?: string;
  /** Left out for "" (the newest); 0 means any. */
  readonly resourceVersion?: number;
  readonly match?: "Exact" | "NotOlderThan";
  readonly watch: boolean;
  readonly bookmarks: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  readonly includeObject: "None" | "Metadata" | "Object";
}

/**
 * Throws 400 for a selector or number that cannot be read, 422 for a combination that cannot be.
 */
export function listOptionsOf(query: URLSearchParams, kind: ServedKind): ListOptions {
  const options: ListOptions = {
    labels: parseLabelSelector(query.get("labelSelector") ?? ""),
    fields: parseFieldSelector(query.get("fieldSelector") ?? "", kind),
    watch: booleanOf(query, "watch") ?? false,
    bookmarks: booleanOf(query, "allowWatchBookmarks") ?? false,
    includeObject: includeObjectOf(query.get("includeObject") ?? ""),
    ...given({
      limit: positive(numberOf(query, "limit")),
      continue: nonEmpty(query.get("continue")),
      resourceVersion: revisionOf(query.get("resourceVersion") ?? ""),
      match: matchOf(query.get("resourceVersionMatch") ?? ""),
      sendInitialEvents: booleanOf(query, "sendInitialEvents"),
      timeoutSeconds: positive(numberOf(query, "timeoutSeconds")),
    }),
  };
  if (options.watch) checkWatch(options);
  else checkList(options);
  return options;
}

/** Only what is there: an option that is left out is no option that is undefined. */
function given<Options extends object>(
  options: Options,
): { [Name in keyof Options]?: Exclude<Options[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Options]?: Exclude<Options[Name], undefined>;
  };
}

/** Kubernetes takes 0, less and nothing for the same. */
function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value;
}

function nonEmpty(value: string | null): string | undefined {
  return value === null || value === "" ? undefined : value;
}

function checkList({
  match,
  resourceVersion,
  continue: token,
  sendInitialEvents,
}: ListOptions): void {
  if (sendInitialEvents !== undefined) {
    throw forbiddenOption("sendInitialEvents", "sendInitialEvents is forbidden for list");
  }
  if (match === undefined) {
    if (token !== undefined && resourceVersion !== undefined && resourceVersion !== 0) {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return;
  }
  if (token !== undefined) {
    throw forbiddenOption(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden when continue is provided",
    );
  }
  if (resourceVersion === undefined) {
    throw forbiddenOption(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden unless resourceVersion is provided",
    );
  }
  if (match === "Exact" && resourceVersion === 0) {
    throw forbiddenOption(
      "resourceVersionMatch",
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
}

/** A watch that starts with all objects (WatchList) says so twice, as client-go does. */
function checkWatch({ match, sendInitialEvents }: ListOptions): void {
  if (sendInitialEvents === undefined && match !== undefined) {
    throw forbiddenOption(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  }
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    const field = "resourceVersionMatch";
    const because = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
    throw invalidOption(
      "ListOptions",
      forbiddenField(field, because),
      ...(match === undefined ? [] : [unsupportedValue(field, match, ["NotOlderThan"])]),
    );
  }
}

function forbiddenOption(field: string, because: string): Error {
  return invalidOption("ListOptions", forbiddenField(field, because));
}

/** Our revisions are decimal integers; to clients they mean nothing but equality. */
export function revisionOf(text: string): number | undefined {
  if (text === "") return undefined;
  const revision = Number(text);
  if (!/^\d+$/.test(text)) {
    const parsing = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    const { field, message } = invalidValue("resourceVersion", text, parsing);
    throw badRequest(`invalid resource version: ${field}: ${message}`);
  }
  return revision;
}

function matchOf(text: string): ListOptions["match"] {
  switch (text) {
    case "":
      return undefined;
    case "Exact":
    case "NotOlderThan":
      return text;
    default:
      throw invalidOption(
        "ListOptions",
        unsupportedValue("resourceVersionMatch", text, ["Exact", "NotOlderThan", ""]),
      );
  }
}

export function includeObjectOf(text: string): ListOptions["includeObject"] {
  switch (text) {
    case "":
    case "Metadata":
      return "Metadata";
    case "None":
    case "Object":
      return text;
    default:
      throw badRequest(
        "Unable to convert to Table as requested: includeObject: Invalid value: " +
          `${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}
