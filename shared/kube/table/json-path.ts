import type { Json } from "../../lib/kube-object.ts";
import { evaluateJsonPath } from "./evaluate-json-path.ts";
import { JsonPathError, type PathStep } from "./json-path-step.ts";
import { parseJsonPath } from "./parse-json-path.ts";

/** Longer paths are not read. */
const pathLengthMax = 4096;
/** So many are remembered, but for those that are longer than columns have. */
const pathsMax = 5000;
const rememberedLengthMax = 256;

/** Undefined for a path that cannot be read. */
const known = new Map<string, readonly PathStep[] | undefined>();

/** Whether a column with this path can be shown. */
export function isJsonPath(path: string): boolean {
  return stepsOf(path) !== undefined;
}

/** The first that the path finds. Undefined for nothing, and for a path that does not fit. */
export function findFirst(value: Json, path: string): Json | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  return orUndefined(() => evaluateJsonPath(value, steps)[0]);
}

function stepsOf(path: string): readonly PathStep[] | undefined {
  if (path.length > pathLengthMax) return undefined;
  if (known.has(path)) return known.get(path);
  const steps = orUndefined(() => parseJsonPath(path));
  if (path.length > rememberedLengthMax) return steps;
  if (known.size >= pathsMax) known.clear();
  known.set(path, steps);
  return steps;
}

function orUndefined<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}
