import { forbiddenField } from "../../field-errors.ts";
import type { FieldError, OpenApiSchema } from "../../served-kind.ts";
import type { CompiledRule, RuleTree } from "../compile-rules.ts";
import { requestBytesMax, type SchemaSize, sizeOfSchema } from "./size-of-schema.ts";
import { product } from "./size-range.ts";

/** Of one expression, for all the values of an object that it is evaluated for. */
const expressionCostMax = 10_000_000;

/** Of all the expressions of a schema. */
const schemaCostMax = 100_000_000;

/** The most expensive expressions are told, of those that take 1 % of the limit. */
const toldMax = 4;
const toldCostMin = schemaCostMax / 100;

/** An expression, and what it may cost for an object as large as a request can be. */
interface ExpressionCost {
  readonly field: string;
  readonly cost: number;
  readonly what: "rule" | "messageExpression";
}

/**
 * What is wrong with what the rules of a schema may cost. Paths are below the schema, "" is the
 * schema itself.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints
 */
export function costErrors(tree: RuleTree): readonly FieldError[] {
  const costs = costsOf({ tree, path: "", isRoot: true, count: 1 });
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  return [
    ...costs.flatMap(({ field, cost, what }) =>
      cost > expressionCostMax
        ? [forbiddenField(field, excess(`estimated ${what} cost`, cost / expressionCostMax))]
        : [],
    ),
    ...(total > schemaCostMax ? totalErrors(costs, total) : []),
  ];
}

function totalErrors(costs: readonly ExpressionCost[], total: number): readonly FieldError[] {
  const most = costs
    .filter(({ cost }) => cost >= toldCostMin)
    .toSorted((left, right) => right.cost - left.cost)
    .slice(0, toldMax);
  const contributed =
    "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
  const what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
  return [
    ...most.map(({ field }) => forbiddenField(field, contributed)),
    forbiddenField("", excess(what, total / schemaCostMax)),
  ];
}

const advice =
  "try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, " +
  "maps, and strings are declared";

function excess(what: string, factor: number): string {
  return `${what} exceeds budget by factor of ${factorText(factor)} (${advice})`;
}

/** With more digits where one of them would say 1.0. */
function factorText(factor: number): string {
  if (factor > 100) return "more than 100x";
  return `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
}

interface Place {
  readonly tree: RuleTree;
  readonly path: string;
  readonly isRoot: boolean;
  /** How many values of this place an object may have; undefined where its schema does not say. */
  readonly count: number | undefined;
}

/** The costs of what is below a place before those of the place itself. */
function costsOf(place: Place): readonly ExpressionCost[] {
  const { tree, path, isRoot } = place;
  const { schema, items, values, properties, rules } = tree;
  const below = (child: RuleTree | undefined, name: string): readonly ExpressionCost[] => {
    if (child === undefined) return [];
    const childPath = path === "" ? name : `${path}.${name}`;
    const each = countBelow(schema);
    const isBounded = place.count !== undefined && each !== undefined;
    const count = isBounded ? product(place.count, Math.max(0, each)) : undefined;
    return costsOf({ tree: child, path: childPath, isRoot: false, count });
  };
  const self = rules.length === 0 ? undefined : sizeOfSchema(schema, isRoot);
  return [
    ...below(values, "additionalProperties"),
    ...[...properties].flatMap(([name, child]) => below(child, `properties[${name}]`)),
    ...below(items, "items"),
    ...(self === undefined ? [] : rules.flatMap((rule) => ruleCosts(rule, place, self))),
  ];
}

/** How many values a schema may have for each of its own below it. */
function countBelow({
  type,
  additionalProperties,
  maxProperties,
  maxItems,
}: OpenApiSchema): number | undefined {
  if (type === "object" && additionalProperties !== undefined) return maxProperties;
  return type === "array" ? maxItems : 1;
}

/** A message is made once, for the first value that a rule fails for. */
function ruleCosts(
  { index, expression, messageExpression }: CompiledRule,
  { path, count }: Place,
  self: SchemaSize,
): readonly ExpressionCost[] {
  const field = `${path === "" ? "" : `${path}.`}x-kubernetes-validations[${index}]`;
  // Where nothing bounds how often the rule runs, a request does: it has one comma for each value.
  const times = count ?? Math.floor(requestBytesMax / (self.bytesMin + 1));
  const cost = product(expression.cost(self), times);
  const rule: ExpressionCost = { field: `${field}.rule`, cost, what: "rule" };
  if (messageExpression === undefined) return [rule];
  const message = messageExpression.cost(self);
  return [rule, { field: `${field}.messageExpression`, cost: message, what: "messageExpression" }];
}
