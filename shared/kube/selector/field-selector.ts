import type { JsonObject } from "../../lib/kube-object.ts";
import { at } from "../json.ts";
import type { ServedKind } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import type { SelectableField } from "./selectable-field.ts";

/** One clause of a field selector. All clauses must hold. */
export interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
  /** Left out: what is at the path. */
  readonly read?: SelectableField["read"];
}

const clausesMax = 100;

/**
 * Reads `metadata.name=a,metadata.namespace!=b`. Throws 400 for a field that the kind cannot be
 * selected by: a client that believes in a filter must not get everything.
 */
export function parseFieldSelector(text: string, kind: ServedKind): readonly FieldRequirement[] {
  if (text.trim() === "") return [];
  const clauses = splitClauses(text);
  if (clauses.length > clausesMax) throw badRequest("field selector has too many clauses");
  return clauses.map((clause) => parseClause(clause, kind));
}

/** At commas, but not at escaped ones: "a=b\,c,d=e" has two clauses. */
export function splitClauses(text: string): readonly string[] {
  return text.match(/(?:\\.|[^,\\])+/g) ?? [];
}

function parseClause(clause: string, kind: ServedKind): FieldRequirement {
  const match = /^([^=!]+)(==|!=|=)(.*)$/s.exec(clause);
  if (match === null) {
    throw badRequest(`invalid selector: '${clause}'; can't understand '${clause}'`);
  }
  const [, path = "", operator, value = ""] = match;
  const wrongEscape = /(?:^|[^\\])(?:\\\\)*\\([^\\,=])/.exec(value)?.[1];
  if (wrongEscape !== undefined) {
    throw badRequest(`invalid field selector: invalid escape sequence: \\${wrongEscape}`);
  }
  const field = selectableField(kind, path);
  if (field === undefined) throw badRequest(notSelectable(path, kind));
  return {
    path,
    equal: operator !== "!=",
    value: unescaped(value),
    ...(typeof field === "object" && { read: field.read }),
  };
}

/** The value that a clause means: `b\,c` is "b,c". */
export function unescaped(value: string): string {
  return value.replace(/\\([\\,=])/g, "$1");
}

/** Kinds that are selected by their names only say which fields there are. */
function notSelectable(path: string, { versions, selectableFields }: ServedKind): string {
  const isCustom = versions.every(({ mergeShape }) => mergeShape === undefined);
  return isCustom || selectableFields !== undefined
    ? `field label not supported: ${path}`
    : `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function selectableField(kind: ServedKind, path: string): string | SelectableField | undefined {
  if (path === "metadata.name") return path;
  if (path === "metadata.namespace") {
    return kind.namespaced || kind.group === "" ? path : undefined;
  }
  return kind.selectableFields?.find(
    (field) => path === (typeof field === "object" ? field.path : field),
  );
}

export function matchesFields(
  requirements: readonly FieldRequirement[],
  object: JsonObject,
): boolean {
  return requirements.every(({ path, equal, value, read }) => {
    const found = read === undefined ? at(object, ...path.split(".")) : read(object);
    const text =
      typeof found === "string" ? found : JSON.stringify(found ?? "").replace(/^"|"$/g, "");
    return (text === value) === equal;
  });
}

/** The one value that a clause asks for, which lets a list read one document or one namespace. */
export function exactValue(
  requirements: readonly FieldRequirement[],
  path: string,
): string | undefined {
  return requirements.find((each) => each.path === path && each.equal)?.value;
}
