import { Optional } from "@marcbachmann/cel-js";
import type { Json } from "../../lib/kube-object.ts";
import { duplicateValue, forbiddenField, invalidValue, requiredValue } from "../field-errors.ts";
import { fieldsOf, isArray, isObject, jsonEquals } from "../json.ts";
import type { Meter } from "../regex/meter.ts";
import { oldItems } from "../schema/old-items.ts";
import type { FieldError, OpenApiSchema, ValidationRule } from "../served-kind.ts";
import { type CompiledRule, compileRules, type RuleTree } from "./compile-rules.ts";

/** As a kube-apiserver bounds them: all rules of an object together, and each rule by itself. */
const objectBudget = 10_000_000;
const callBudget = 1_000_000;

const messageBytesMax = 5 * 1024;

/** What an object's rules are checked with. */
export interface RuleRun {
  readonly value: Json;
  /** The object before an update, in the same version; left out on create. */
  readonly before?: Json;
  /** Told what is wrong but was so before the update. */
  readonly warnings: string[];
}

/**
 * What the rules of a schema say of an object. Transition rules see the old value of what can be
 * found again: fields, values of maps and items of lists with keys.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
export function ruleErrors(schema: OpenApiSchema, run: RuleRun): readonly FieldError[] {
  const { tree } = compileRules(schema);
  if (tree === undefined) return [];
  const state: State = { errors: [], warnings: run.warnings, meter: { left: objectBudget } };
  const place: Place = { path: "", value: run.value, old: run.before, isUnchanged: () => false };
  check(tree, place, state);
  return state.errors;
}

interface State {
  readonly errors: FieldError[];
  readonly warnings: string[];
  readonly meter: Meter;
}

interface Place {
  readonly path: string;
  readonly value: Json;
  readonly old: Json | undefined;
  /** Whether the nearest value around it that has an old one is the same as before. */
  readonly isUnchanged: () => boolean;
}

/** False when the budget is spent: no further rules are run. */
function check(tree: RuleTree, place: Place, state: State): boolean {
  const { value, old, path } = place;
  if (value === null) return true;
  const isUnchanged =
    old === undefined || old === null ? place.isUnchanged : () => jsonEquals(value, old);
  if (!checkRules(tree, { ...place, isUnchanged }, state)) return false;
  if (isArray(value) && tree.items !== undefined) {
    const { items, schema } = tree;
    const before = oldItems(value, old, schema);
    return value.every((item, index) =>
      check(
        items,
        { path: `${path}[${index}]`, value: item, old: before(index), isUnchanged },
        state,
      ),
    );
  }
  if (!isObject(value)) return true;
  const oldFields = isObject(old) ? old : {};
  return fieldsOf(value).every(([name, child]) => {
    const property = tree.properties.get(name);
    const below = property ?? tree.values;
    if (below === undefined) return true;
    const childPath = property === undefined ? `${path}[${name}]` : joined(path, name);
    const before = Object.hasOwn(oldFields, name) ? oldFields[name] : undefined;
    return check(below, { path: childPath, value: child, old: before, isUnchanged }, state);
  });
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A path of Kubernetes that leads nowhere prints so. */
function named(path: string): string {
  return path === "" ? "<nil>" : path;
}

function checkRules(tree: RuleTree, place: Place, state: State): boolean {
  if (tree.rules.length === 0) return true;
  const self = tree.shape.valueOf(place.value);
  const { old } = place;
  const oldSelf = old === undefined || old === null ? undefined : tree.shape.valueOf(old);
  return tree.rules.every((compiled) => {
    const { rule, expression } = compiled;
    const isOptional = rule.optionalOldSelf === true;
    if (expression.usesOldSelf && oldSelf === undefined && !isOptional) return true;
    const scope = { self, oldSelf: isOptional ? optionalOf(oldSelf) : oldSelf };
    return checkRule(compiled, { ...place, scope, type: tree.schema.type ?? "" }, state);
  });
}

function optionalOf(value: unknown): Optional {
  return value === undefined ? Optional.none() : Optional.of(value);
}

interface Trial extends Place {
  readonly scope: { readonly self: unknown; readonly oldSelf: unknown };
  readonly type: string;
}

function checkRule(compiled: CompiledRule, trial: Trial, state: State): boolean {
  const { rule, expression } = compiled;
  const fail = (because: string): void => {
    state.errors.push(invalidValue(named(trial.path), trial.type, because));
  };
  const limit = Math.min(callBudget, Math.max(state.meter.left, 0));
  const meter = { left: limit };
  const outcome = expression.run(trial.scope, meter);
  state.meter.left -= limit - Math.max(meter.left, 0);
  if (outcome.kind === "budget-spent") {
    fail(
      limit < callBudget
        ? "validation failed due to running out of cost budget, no further validation rules will " +
            "be run"
        : "'operation cancelled: actual cost limit exceeded': no further validation rules will " +
            `be run due to call cost exceeds limit for rule: ${ruleSentence(rule)}`,
    );
    return false;
  }
  if (outcome.kind === "failed") {
    fail(
      outcome.because.startsWith("no such overload")
        ? `'${outcome.because}': call arguments did not match a supported operator, function or ` +
            `macro signature for rule: ${ruleSentence(rule)}`
        : `${outcome.because} evaluating rule: ${ruleSentence(rule)}`,
    );
    return true;
  }
  if (outcome.value !== true) report(compiled, trial, state);
  return true;
}

function report(compiled: CompiledRule, trial: Trial, state: State): void {
  const { rule, fieldPath } = compiled;
  const path = fieldPath === undefined ? trial.path : joined(trial.path, fieldPath);
  const detail = messageOf(compiled, trial, state.meter) ?? messageOrDefault(rule);
  const error = errorOf(rule.reason, named(path), { type: trial.type, detail });
  if (!compiled.expression.usesOldSelf && trial.isUnchanged()) {
    state.warnings.push(`${error.field}: ${error.message}`);
  } else {
    state.errors.push(error);
  }
}

function errorOf(
  reason: ValidationRule["reason"],
  path: string,
  { type, detail }: { readonly type: string; readonly detail: string },
): FieldError {
  if (reason === "FieldValueForbidden") return forbiddenField(path, detail);
  if (reason === "FieldValueRequired") return requiredValue(path, detail);
  return reason === "FieldValueDuplicate"
    ? duplicateValue(path, JSON.stringify(type))
    : invalidValue(path, type, detail);
}

/** Undefined for a message that cannot be made: then the rule's own is told. */
function messageOf(compiled: CompiledRule, trial: Trial, meter: Meter): string | undefined {
  if (compiled.messageExpression === undefined) return undefined;
  const limit = Math.min(callBudget, Math.max(meter.left, 0));
  const call = { left: limit };
  const outcome = compiled.messageExpression.run(trial.scope, call);
  meter.left -= limit - Math.max(call.left, 0);
  if (outcome.kind !== "value" || typeof outcome.value !== "string") return undefined;
  const message = outcome.value.trim();
  const isFine = message !== "" && !message.includes("\n");
  return isFine && Buffer.byteLength(message) <= messageBytesMax ? message : undefined;
}

function messageOrDefault(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
}

function ruleSentence(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : rule.rule.trim();
}
