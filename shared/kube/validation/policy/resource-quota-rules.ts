import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, fieldsOf, isObject, objectOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { all, fields, type ObjectRule, objectRule, type Rule, whole } from "../rule.ts";
import { isQuotaResource, quotaResourceNameErrors } from "./quota-resource-names.ts";
import { resourceQuantityErrors } from "./resource-quantity-errors.ts";

const podResources = [
  "pods",
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
];

/** What can be limited for what is in a scope; for some, anything. */
const scopeResources: Readonly<Record<string, readonly string[] | "any">> = {
  Terminating: podResources,
  NotTerminating: podResources,
  BestEffort: ["pods"],
  NotBestEffort: podResources,
  PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  VolumeAttributesClass: "any",
};

/** Scopes that a thing is in or is not, without any value. */
const plainScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

const conflicts = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

/** Amounts by the names of resources: "hard[requests.cpu]". */
const amounts: Rule = whole((list, path) =>
  errorsOfItems(fieldsOf(list), ([name, amount]) => {
    const where = `${path}[${name}]`;
    return [
      ...quotaResourceNameErrors(name).map((because) => invalidValue(where, name, because)),
      ...resourceQuantityErrors(name, amount, where),
    ];
  }),
);

const unsupported = "unsupported scope";
const notOfResource = "unsupported scope applied to resource";

const scopesRule: Rule = whole((spec, path) => {
  const scopes = arrayOf(spec["scopes"]);
  const where = `${path}.scopes`;
  const outside = resourcesOutside(spec);
  return [
    ...errorsOfItems([...new Set(scopes)], (scope) => [
      ...(isScope(scope) ? [] : [invalidValue(where, scopes, unsupported)]),
      ...errorsOfItems(outside(scope), () => [invalidValue(where, scopes, notOfResource)]),
    ]),
    ...conflictErrors(scopes, scopes, where),
  ];
});

const scopeSelectorRule: Rule = whole((spec, path) => {
  const selector = spec["scopeSelector"];
  const expressions = arrayOf(at(selector, "matchExpressions"));
  // A kube-apiserver does not tell which of the expressions it is.
  const where = `${path}.scopeSelector.matchExpressions`;
  const scopes = expressions.map((expression) => at(expression, "scopeName") ?? "");
  const outside = resourcesOutside(spec);
  return [
    ...errorsOfItems(expressions.filter(isObject), (expression) => {
      const scope = expression["scopeName"] ?? "";
      return [
        ...(isScope(scope) ? [] : [invalidValue(`${where}.scopeName`, scope, unsupported)]),
        ...errorsOfItems(outside(scope), () => [
          invalidValue(where, selector ?? null, notOfResource),
        ]),
        ...operatorErrors(expression, scope, where),
      ];
    }),
    ...conflictErrors(scopes, spec["scopes"] ?? null, where),
  ];
});

const plainSentence =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, " +
  "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, " +
  "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function operatorErrors(expression: JsonObject, scope: Json, path: string): readonly FieldError[] {
  const { operator = "", values } = expression;
  const isPlain = plainScopes.some((plain) => plain === scope);
  return [
    ...(isPlain && operator !== "Exists"
      ? [invalidValue(`${path}.operator`, operator, plainSentence)]
      : []),
    ...valuesErrors(operator, values, path),
  ];
}

function valuesErrors(
  operator: Json,
  values: Json | undefined,
  path: string,
): readonly FieldError[] {
  const count = arrayOf(values).length;
  if (operator === "In" || operator === "NotIn") {
    const because =
      "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    return count > 0 ? [] : [requiredValue(`${path}.values`, because)];
  }
  if (operator === "Exists" || operator === "DoesNotExist") {
    const because =
      "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    return count === 0 ? [] : [invalidValue(`${path}.values`, values ?? null, because)];
  }
  return [invalidValue(`${path}.operator`, operator, "not a valid selector operator")];
}

function isScope(scope: Json): boolean {
  return typeof scope === "string" && Object.hasOwn(scopeResources, scope);
}

/**
 * The resources of the quota that have nothing to do with a scope. What is told of them repeats
 * all scopes, so each scope is looked at once.
 */
function resourcesOutside(spec: JsonObject): (scope: Json) => readonly string[] {
  const names = Object.keys(objectOf(spec["hard"])).filter(isQuotaResource);
  const asked = new Set<Json>();
  return (scope) => {
    const isAsked = asked.has(scope);
    asked.add(scope);
    if (isAsked || typeof scope !== "string" || !isScope(scope)) return [];
    const inside = scopeResources[scope] ?? "any";
    return inside === "any" ? [] : names.filter((name) => !inside.includes(name));
  };
}

function conflictErrors(scopes: readonly Json[], told: Json, path: string): readonly FieldError[] {
  return conflicts
    .filter((pair) => pair.every((scope) => scopes.includes(scope)))
    .map(() => invalidValue(path, told, "conflicting scopes"));
}

/** Scopes are a set: their order and how often one is named do not count. */
function fixedScopes(quota: KubeObject, before?: KubeObject): readonly FieldError[] {
  const scopes = at(quota, "spec", "scopes");
  const [now, old] = [new Set(arrayOf(scopes)), new Set(arrayOf(at(before, "spec", "scopes")))];
  const isSame = now.size === old.size && [...now].every((scope) => old.has(scope));
  return isSame ? [] : [invalidValue("spec.scopes", scopes ?? null, "field is immutable")];
}

/**
 * What a ResourceQuota must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/resource-quota-v1/
 */
export const resourceQuotaRules: ObjectRule = objectRule(
  fields({ spec: all(fields({ hard: amounts }), scopesRule, scopeSelectorRule) }),
  fixedScopes,
);
