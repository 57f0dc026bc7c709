import type { JsonObject } from "../wire.ts";
import { compile } from "./evaluate.ts";
import { parseQuery } from "./parse-query.ts";

/**
 * Whether an item fulfils the condition of a patch: `from c where c.generation = 3`.
 *
 * @throws Refusal (400) for a condition that is not of this form.
 */
export function evaluateCondition(condition: string, body: JsonObject): boolean {
  const { where } = parseQuery(`SELECT * ${condition}`);
  if (where === undefined) return true;
  return compile(where, new Map())(body) === true;
}
