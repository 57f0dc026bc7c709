import { invalidValue, requiredValue, tooLong, unsupportedValue } from "../field-errors.ts";
import type { FieldError, OpenApiSchema, ValidationRule } from "../served-kind.ts";
import { newEnvironment } from "./cel-environment.ts";
import type { CelEnvironment } from "./cel-node.ts";
import { compileExpression, type Expression } from "./compile-expression.ts";
import { parseFieldPath } from "./field-path.ts";
import { type CelShape, shapeOf } from "./schema-types.ts";

/** The rules of a schema and of what is below it; left out where there are none. */
export interface RuleTree {
  readonly schema: OpenApiSchema;
  readonly shape: CelShape;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleTree>;
  /** Of the items of a list. */
  readonly items?: RuleTree;
  /** Of the values of a map. */
  readonly values?: RuleTree;
}

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Of the rule in the list of its schema. */
  readonly index: number;
  readonly expression: Expression;
  readonly messageExpression?: Expression;
  /** Below the place of the rule: "spec.size". */
  readonly fieldPath?: string;
}

export interface CompiledRules {
  /** Left out when the schema has no rule that compiles. */
  readonly tree?: RuleTree;
  /** With paths below the schema: `properties[spec].x-kubernetes-validations[0].rule`. */
  readonly errors: readonly FieldError[];
}

const compiled = new WeakMap<OpenApiSchema, CompiledRules>();

/** The compiled rules of the schema of whole objects; compiled once for each schema. */
export function compileRules(schema: OpenApiSchema): CompiledRules {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const rules = hasRules(schema) ? compileAll(schema) : { errors: [] };
  compiled.set(schema, rules);
  return rules;
}

function hasRules(schema: OpenApiSchema): boolean {
  const { properties = {}, items, additionalProperties } = schema;
  if (rulesOf(schema).length > 0) return true;
  const below = [
    ...Object.values(properties),
    ...(items === undefined ? [] : [items]),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
  ];
  return below.some(hasRules);
}

function compileAll(schema: OpenApiSchema): CompiledRules {
  const environment = newEnvironment();
  const errors: FieldError[] = [];
  const shape = shapeOf(environment, schema, true);
  if (shape === undefined) return { errors };
  const tree = treeOf({ schema, shape, path: "" }, { environment, errors });
  return { ...(tree !== undefined && { tree }), errors };
}

interface Place {
  readonly schema: OpenApiSchema;
  readonly shape: CelShape | undefined;
  readonly path: string;
  /** Items of an atomic list or a set have no old selves: the path of the list. */
  readonly uncorrelated?: string;
}

interface Compilation {
  readonly environment: CelEnvironment;
  readonly errors: FieldError[];
}

function treeOf(place: Place, compilation: Compilation): RuleTree | undefined {
  const { schema, shape, path } = place;
  const rules = rulesOf(schema);
  if (shape === undefined) {
    for (const [index, { rule }] of rules.entries()) {
      const because = "compilation failed: undeclared reference to 'self' (in container '')";
      compilation.errors.push(invalidValue(rulePath(path, index, "rule"), rule, because));
    }
    return undefined;
  }
  const own = rules.flatMap((rule, index) =>
    compileRule(rule, { ...place, shape, index }, compilation),
  );
  const properties = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = { ...place, schema: property, shape: shape.fields?.get(name) };
    const tree = treeOf({ ...at, path: below(path, `properties[${name}]`) }, compilation);
    if (tree !== undefined) properties.set(name, tree);
  }
  const items = childTree(place, "items", compilation);
  const values = childTree(place, "additionalProperties", compilation);
  if (own.length === 0 && properties.size === 0 && items === undefined && values === undefined) {
    return undefined;
  }
  return {
    schema,
    shape,
    rules: own,
    properties,
    ...(items !== undefined && { items }),
    ...(values !== undefined && { values }),
  };
}

function childTree(
  { schema, shape, path, uncorrelated }: Place,
  name: "items" | "additionalProperties",
  compilation: Compilation,
): RuleTree | undefined {
  const child = schema[name];
  if (typeof child !== "object") return undefined;
  const isCorrelated = name !== "items" || schema["x-kubernetes-list-type"] === "map";
  const lost = uncorrelated ?? (isCorrelated ? undefined : path);
  const place: Place = {
    schema: child,
    shape: shape?.items,
    path: below(path, name),
    ...(lost !== undefined && { uncorrelated: lost }),
  };
  return treeOf(place, compilation);
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function rulePath(path: string, index: number, field: string): string {
  return below(path, `x-kubernetes-validations[${index}].${field}`);
}

/** A definition is not checked against a schema: what it says may be of any type. */
const textFields = ["rule", "message", "messageExpression", "reason", "fieldPath"] as const;

/** The rules of a schema; what is none is one without a text. */
function rulesOf(schema: OpenApiSchema): readonly ValidationRule[] {
  const rules: unknown = schema["x-kubernetes-validations"];
  const none = { rule: "" } as ValidationRule;
  if (!Array.isArray(rules)) return rules === undefined ? [] : [none];
  return rules.map((each: ValidationRule | null) => (typeof each === "object" && each) || none);
}

function compileRule(
  rule: ValidationRule,
  place: Place & { readonly shape: CelShape; readonly index: number },
  { environment, errors }: Compilation,
): readonly CompiledRule[] {
  const { shape, path, index, schema } = place;
  const wrong = (field: keyof ValidationRule, because: string): readonly CompiledRule[] => {
    errors.push(invalidValue(rulePath(path, index, field), rule[field] ?? null, because));
    return [];
  };
  if (typeof rule.rule !== "string" || rule.rule.trim() === "") {
    errors.push(requiredValue(rulePath(path, index, "rule"), "rule is not specified"));
    return [];
  }
  const unfit = unfitFields(rule, rulePath(path, index, ""));
  if (unfit.length > 0) {
    errors.push(...unfit);
    return [];
  }
  const scope = environment.clone();
  const isOptional = rule.optionalOldSelf === true;
  scope.registerVariable("self", shape.type);
  scope.registerVariable("oldSelf", isOptional ? `optional<${shape.type}>` : shape.type);
  const main = compileExpression(scope, rule.rule, "bool");
  if (main.kind === "refused") return wrong("rule", main.because);
  const { expression } = main;
  if (expression.usesOldSelf && place.uncorrelated !== undefined) {
    return wrong("rule", uncorrelatedSentence(place.uncorrelated));
  }
  if (isOptional && !expression.usesOldSelf) {
    return wrong("optionalOldSelf", "may not be set if oldSelf is not used in rule");
  }
  const field = rule.fieldPath === undefined ? undefined : parseFieldPath(rule.fieldPath, schema);
  if (field?.kind === "wrong") {
    return wrong("fieldPath", `fieldPath must be a valid path: ${field.because}`);
  }
  const message =
    rule.messageExpression === undefined
      ? undefined
      : compileExpression(scope, rule.messageExpression, "string");
  if (message?.kind === "refused") {
    const because = message.because.replace(/^cel expression /, "");
    return wrong("messageExpression", `messageExpression ${because}`);
  }
  return [
    {
      rule,
      index,
      expression,
      ...(message !== undefined && { messageExpression: message.expression }),
      ...(field !== undefined && { fieldPath: field.path }),
    },
  ];
}

const reasons = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];
const messageCharactersMax = 2048;

/** What is wrong with how a rule tells of its failure; paths begin with `path`. */
function unfitFields(rule: ValidationRule, path: string): readonly FieldError[] {
  const odd = textFields.filter((name) => !["string", "undefined"].includes(typeof rule[name]));
  if (odd.length > 0) {
    return odd.map((name) => invalidValue(`${path}${name}`, rule[name] ?? null, "must be text"));
  }
  const { message, reason } = rule;
  const errors: FieldError[] = [];
  const wrong = (field: keyof ValidationRule, because: string): number =>
    errors.push(invalidValue(`${path}${field}`, rule[field] ?? null, because));
  if (message !== undefined && message.trim() === "") {
    wrong("message", "message must be non-empty if specified");
  } else if (message?.trim().includes("\n")) {
    wrong("message", "message must not contain line breaks");
  } else if (message === undefined && rule.rule.trim().includes("\n")) {
    const because = "message must be specified if rule contains line breaks";
    errors.push(requiredValue(`${path}message`, because));
  }
  if (message !== undefined && message.length > messageCharactersMax) {
    errors.push(tooLong(`${path}message`, messageCharactersMax));
  }
  if (rule.messageExpression?.trim() === "") {
    const because = "messageExpression must be non-empty if specified";
    errors.push(requiredValue(`${path}messageExpression`, because));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(unsupportedValue(`${path}reason`, reason, reasons));
  }
  if (rule.fieldPath?.trim() === "") wrong("fieldPath", "fieldPath must be non-empty if specified");
  return errors;
}

function uncorrelatedSentence(path: string): string {
  return `oldSelf cannot be used on the uncorrelatable portion of the schema within ${path}`;
}
