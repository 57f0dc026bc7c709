import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, isArray, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, isMissing, nothing, type Rule, whole } from "../rule.ts";
import { flowSubjectRule } from "./flow-subject-rule.ts";

interface Choice {
  /** What to say of an empty list; undefined where it may be empty. */
  readonly missing?: string | undefined;
  /** What cannot stand beside a "*". */
  readonly others: string;
  /** For a list without "*". */
  readonly rule?: Rule;
}

/** A list of choices, or "*" alone for all there are. */
function choices({ missing, others, rule = nothing }: Choice): Rule {
  return (value, path) => {
    if (isMissing(value)) return missing === undefined ? [] : [requiredValue(path, missing)];
    const items = arrayOf(value);
    if (!items.includes("*")) return rule(value, path);
    const because = `if '*' is present, must not specify other ${others}`;
    return items.length > 1 ? [invalidValue(path, items, because)] : [];
  };
}

const verbNames = "create delete deletecollection get list patch proxy update watch".split(" ");

/** The list is told as a whole. */
const knownVerbs: Rule = (value, path) =>
  isArray(value) && value.some((verb) => isString(verb) && !verbNames.includes(verb))
    ? [unsupportedValue(path, value, verbNames)]
    : [];

const verbs = choices({
  missing: "verbs must contain at least one value",
  others: "verbs",
  rule: knownVerbs,
});

const namespaceNames: Rule = (value, path) =>
  errorsOfItems(arrayOf(value), (name, index) => {
    if (!isString(name)) return [];
    const start = "each member of this list must be '*' or a DNS-1123 label; ";
    return nameErrors("dns-label", name).map((because) =>
      invalidValue(`${path}[${index}]`, name, `${start}${because}`),
    );
  });

const namespaces = (missing?: string): Rule =>
  choices({ missing, others: "namespaces", rule: namespaceNames });
const optionalNamespaces = namespaces();
const requiredNamespaces = namespaces(
  "resource rules that are not cluster scoped must supply at least one namespace",
);

const resourceRule: Rule = all(
  fields({
    verbs,
    apiGroups: choices({
      missing: "resource rules must supply at least one api group",
      others: "api groups",
    }),
    resources: choices({
      missing: "resource rules must supply at least one resource",
      others: "resources",
    }),
  }),
  whole((rule, path) => {
    const isClusterWide = rule["clusterScope"] === true;
    const inside = isClusterWide ? optionalNamespaces : requiredNamespaces;
    return inside(rule["namespaces"], `${path}.namespaces`);
  }),
);

/** "/healthz", "/metrics/*": a "*" is all that follows. */
function urlPathError(path: string): string | undefined {
  if (path === "") return "must not be empty";
  if (path === "/") return undefined;
  if (!path.startsWith("/")) return "must start with slash";
  if (path.includes(" ")) return "must not contain white-space";
  if (path.includes("//")) return "must not contain double slash";
  const star = path.indexOf("*");
  const isAtEnd = star === -1 || (star === path.length - 1 && path.endsWith("/*"));
  return isAtEnd ? undefined : "wildcard can only do suffix matching";
}

const urlPaths: Rule = each((value, path) => {
  const because = isString(value) ? urlPathError(value) : undefined;
  return because === undefined ? [] : [invalidValue(path, value ?? null, because)];
});

const nonResourceRule: Rule = fields({
  verbs,
  nonResourceURLs: choices({
    missing: "nonResourceURLs must contain at least one value",
    others: "non-resource URLs",
    rule: urlPaths,
  }),
});

const subjects: Rule = (value, path) =>
  isMissing(value)
    ? [requiredValue(path, "subjects must contain at least one value")]
    : each(flowSubjectRule)(value, path);

function aboutNothing(
  { resourceRules, nonResourceRules }: Readonly<Record<string, Json | undefined>>,
  path: string,
): readonly FieldError[] {
  const because = "at least one of resourceRules and nonResourceRules has to be non-empty";
  const isEmpty = isMissing(resourceRules) && isMissing(nonResourceRules);
  return isEmpty ? [requiredValue(path, because)] : [];
}

/**
 * Which requests a FlowSchema is about: one of "spec.rules".
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
 */
export const flowRequestsRule: Rule = all(
  fields({ subjects }),
  whole(aboutNothing),
  fields({ resourceRules: each(resourceRule), nonResourceRules: each(nonResourceRule) }),
);
