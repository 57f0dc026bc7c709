import type { Json } from "../../lib/kube-object.ts";
import { at, isArray, isObject, printed } from "../json.ts";

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "where"; readonly path: readonly string[]; readonly value: string };

const paths = new Map<string, readonly Step[]>();

/**
 * What a simple JSON path finds, as printer columns use it: `.spec.replicas`,
 * `.status.conditions[?(@.type=='Ready')].status`, `.metadata.labels['example\.com/tier']`,
 * `.spec.ports[*].port`, `.items[0]`.
 *
 * Throws `RangeError` for a path that cannot be read: paths come from kinds, not from requests.
 */
export function findAll(value: Json, path: string): readonly Json[] {
  const steps = paths.get(path) ?? parsePath(path);
  paths.set(path, steps);
  return steps.reduce<readonly Json[]>(
    (found, step) => found.flatMap((each) => follow(each, step)),
    [value],
  );
}

/** Whether `findAll` can follow the path. */
export function isJsonPath(path: string): boolean {
  try {
    parsePath(path);
    return true;
  } catch {
    return false;
  }
}

const token = new RegExp(
  [
    /\.((?:[\w/-]|\\\.)+)/,
    /\.\*/,
    /\['([^']+)'\]/,
    /\["([^"]+)"\]/,
    /\[(\d+)\]/,
    /\[\*\]/,
    /\[\?\(@\.([\w.-]+)\s*==\s*(?:'([^']*)'|"([^"]*)")\)\]/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
);

function parsePath(path: string): readonly Step[] {
  const text = path.replace(/^\{|\}$/g, "");
  const steps: Step[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) {
      throw new RangeError(
        `Cannot read JSON path "${path}": it is unclear at "${text.slice(start)}"`,
      );
    }
    steps.push(stepOf(match));
  }
  return steps;
}

function stepOf(match: RegExpExecArray): Step {
  const [, name, single, double, index, where, singleValue, doubleValue] = match;
  const field = name?.replaceAll("\\.", ".") ?? single ?? double;
  if (field !== undefined) return { kind: "field", name: field.replaceAll("\\.", ".") };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (where === undefined) return { kind: "all" };
  return { kind: "where", path: where.split("."), value: singleValue ?? doubleValue ?? "" };
}

function follow(value: Json, step: Step): readonly Json[] {
  switch (step.kind) {
    case "field":
      return present(at(value, step.name));
    case "index":
      return isArray(value) ? present(value[step.index]) : [];
    case "all":
      return childrenOf(value);
    case "where":
      return isArray(value)
        ? value.filter((item) => printed(at(item, ...step.path) ?? "") === step.value)
        : [];
  }
}

function childrenOf(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value).flatMap(present) : [];
}

function present(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}
