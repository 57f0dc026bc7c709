import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { arrayOf, at, objectOf, printed, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import type { ObjectRule, Rule } from "../rule.ts";

/** What only `/approval` adds; the other excludes each. */
const decisions: readonly string[] = ["Approved", "Denied"];
/** What is final: it is true, and stays. */
const verdicts: readonly string[] = [...decisions, "Failed"];

const anyStatus = ["False", "True", "Unknown"];

/** What each condition of a CertificateSigningRequest must be, and all of them together. */
export const signingRequestConditions: Rule = (value, path) => {
  const seen = new Set<string>();
  return arrayOf(value).flatMap((each, index): readonly FieldError[] => {
    const condition = objectOf(each);
    const type = textOf(condition["type"]) ?? "";
    const typePath = `${path}[${index}].type`;
    const other = decisions.find((decision) => decision !== type);
    const isBoth = decisions.includes(type) && other !== undefined && seen.has(other);
    const isAgain = seen.has(type);
    seen.add(type);
    const because = "Approved and Denied conditions are mutually exclusive";
    return [
      ...(type === "" ? [requiredValue(typePath)] : []),
      ...statusErrors(condition, `${path}[${index}].status`),
      ...(isBoth ? [invalidValue(typePath, type, because)] : []),
      ...(isAgain ? [duplicateValue(typePath, JSON.stringify(type))] : []),
    ];
  });
};

function statusErrors({ type, status = "" }: JsonObject, path: string): readonly FieldError[] {
  const allowed = verdicts.includes(printed(type)) ? ["True"] : anyStatus;
  if (status === "") return [requiredValue(path)];
  return allowed.includes(printed(status)) ? [] : [unsupportedValue(path, status, allowed)];
}

/** What was said of a request for good stays. */
export const keptVerdicts: ObjectRule = (request, before) =>
  before === undefined
    ? []
    : verdicts
        .filter((type) => conditionsOf(request, type).length < conditionsOf(before, type).length)
        .map((type) => changed(`updates may not remove a condition of type "${type}"`));

/** Whoever writes `/status` decides nothing. */
export const noNewDecisions: ObjectRule = (request, before) =>
  decisions
    .filter((type) => conditionsOf(request, type).length > conditionsOf(before, type).length)
    .map((type) => changed(`updates may not add a condition of type "${type}"`));

function changed(because: string): FieldError {
  return forbiddenField("status.conditions", because);
}

/** `conditionsOf(request, "Approved")` */
function conditionsOf(request: KubeObject | undefined, type: string): readonly Json[] {
  return arrayOf(at(request, "status", "conditions")).filter((each) => at(each, "type") === type);
}

/** The conditions of a request, with those of decisions as they were. */
export function withDecisionsOf(before: KubeObject, conditions: readonly Json[]): readonly Json[] {
  const kept = new Map(decisions.map((type) => [type, [...conditionsOf(before, type)]]));
  return conditions.map((each) => kept.get(textOf(at(each, "type")) ?? "")?.shift() ?? each);
}
