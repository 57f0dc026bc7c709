/**
 * How the rules of Kubernetes' own kinds are written: as trees of fields, in the order in which a
 * kube-apiserver tells what is wrong.
 *
 * A field that is absent has its default, so no rule but `required` speaks of it. A value of a
 * wrong type is left to who knows the types (`openapi/decode-known.ts`): rules say nothing of it.
 */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { errorsOfItems } from "../errors-of-items.ts";
import { invalidValue, requiredValue, tooMany, unsupportedValue } from "../field-errors.ts";
import { at, fieldsOf, isArray, isObject, isString } from "../json.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";
import { duplicates } from "./duplicates.ts";
import { meansTheSame } from "./same-meaning.ts";

/** What is wrong with the value at a path; undefined is the value of an absent field. */
export type Rule = (value: Json | undefined, path: string) => readonly FieldError[];

/** What is wrong with an object; `before` is left out on create. */
export type ObjectRule = (object: KubeObject, before?: KubeObject) => readonly FieldError[];

/** "spec" below "" is "spec", "ports" below it "spec.ports". */
export function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** All that any of the rules finds wrong. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, path) => rules.flatMap((rule) => rule(value, path));
}

/** What the first rule finds wrong that finds anything: the later ones rely on the earlier. */
export function first(...rules: readonly Rule[]): Rule {
  return (value, path) => {
    for (const rule of rules) {
      const errors = rule(value, path);
      if (errors.length > 0) return errors;
    }
    return [];
  };
}

/** A rule for each field of an object, in this order. */
export function fields(rules: Readonly<Record<string, Rule>>): Rule {
  const entries = Object.entries(rules);
  return (value, path) =>
    isObject(value)
      ? entries.flatMap(([name, rule]) => rule(at(value, name), below(path, name)))
      : [];
}

/** The same for an object that to Go is there when it is absent: its fields have their defaults. */
export function struct(rules: Readonly<Record<string, Rule>>): Rule {
  const rule = fields(rules);
  return (value, path) => rule(value ?? {}, path);
}

/** A rule about an object as a whole: what its fields must be to each other. */
export function whole(rule: (value: JsonObject, path: string) => readonly FieldError[]): Rule {
  return (value, path) => (isObject(value) ? rule(value, path) : []);
}

/** Each item of a list: "ports[0]". */
export function each(rule: Rule): Rule {
  return (value, path) =>
    isArray(value) ? errorsOfItems(value, (item, index) => rule(item, `${path}[${index}]`)) : [];
}

/** Each value of a map: "limits[cpu]". */
export function eachValue(rule: Rule): Rule {
  return (value, path) =>
    isObject(value)
      ? errorsOfItems(fieldsOf(value), ([name, below]) => rule(below, `${path}[${name}]`))
      : [];
}

/** Absent, empty text and an empty list are all missing; what is there is met by the rule. */
export function required(rule: Rule = nothing, because?: string): Rule {
  return (value, path) => (isMissing(value) ? [requiredValue(path, because)] : rule(value, path));
}

/** Null, empty text and an empty list are to Go what an absent field is. */
export function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "" || (isArray(value) && !value.length);
}

export const nothing: Rule = () => [];

/** One of the texts; empty text is the default. `Unsupported value: "A": supported values: "B"` */
export function oneOf(...supported: readonly string[]): Rule {
  return (value, path) =>
    !isString(value) || value === "" || supported.includes(value)
      ? []
      : [unsupportedValue(path, value, supported)];
}

/** Text that is not empty, by what a check finds wrong with it, a sentence each. */
export function text(check: (value: string) => readonly string[]): Rule {
  return (value, path) =>
    isString(value) && value !== ""
      ? check(value).map((because) => invalidValue(path, value, because))
      : [];
}

/** A number, by what a check finds wrong with it. */
export function number(check: (value: number) => readonly string[]): Rule {
  return (value, path) =>
    typeof value === "number"
      ? check(value).map((because) => invalidValue(path, value, because))
      : [];
}

/** The items of a list differ in what the key names: "ports[1].name" is a duplicate. */
export function unique(...key: readonly string[]): Rule {
  return (value, path) => {
    if (!isArray(value)) return [];
    const duplicateOf = duplicates();
    return errorsOfItems(value, (item, index) => {
      const found = at(item, ...key);
      if (!isString(found) || found === "") return [];
      return duplicateOf(found, [`${path}[${index}]`, ...key].join("."));
    });
  };
}

export function itemsAtMost(max: number): Rule {
  return (value, path) =>
    isArray(value) && value.length > max ? [tooMany(path, value.length, max)] : [];
}

/** The value at the path stays as it was when the object was created; empty is absent. */
export function immutable(...path: readonly string[]): ObjectRule {
  return (object, before) => {
    if (before === undefined) return [];
    const value = at(object, ...path);
    if (meansTheSame(value, at(before, ...path))) return [];
    return [invalidValue(path.join("."), value ?? null, "field is immutable")];
  };
}

/** An object's content by a rule, and then what an update may not do. */
export function objectRule(rule: Rule, ...updates: readonly ObjectRule[]): ObjectRule {
  return (object, before) => [
    ...rule(object, ""),
    ...(before === undefined ? [] : updates.flatMap((update) => update(object, before))),
  ];
}
