/**
 * What Kubernetes sets and refuses in RBAC objects, in its words. These are hooks of the served
 * kinds: `prepare` sets defaults, `validate` tells what is wrong.
 */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import {
  invalidValue,
  requiredValue,
  tooMany,
  unsupportedValue,
  wrongType,
} from "../field-errors.ts";
import {
  arrayOf,
  isArray,
  isObject,
  isString,
  jsonEquals,
  objectOf,
  printed,
  textOf,
} from "../json.ts";
import { wrongName } from "../object/name-rules.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";

export const rbacGroup = "rbac.authorization.k8s.io";

/** A fleet's policy stays small enough to be kept and asked by each request. */
const rulesMax = 1_000;
const subjectsMax = 1_000;

/** Of a Role: its rules are about resources only. */
export function roleErrors(role: KubeObject): readonly FieldError[] {
  return ruleErrors(role["rules"], { isNamespaced: true });
}

export function clusterRoleErrors(role: KubeObject): readonly FieldError[] {
  return [
    ...ruleErrors(role["rules"], { isNamespaced: false }),
    ...aggregationErrors(role["aggregationRule"]),
  ];
}

function ruleErrors(
  rules: Json | undefined,
  where: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  const wrong = listErrors(rules, "rules", rulesMax);
  if (wrong.length > 0) return wrong;
  return arrayOf(rules).flatMap((rule, index) => {
    const path = `rules[${index}]`;
    if (!isObject(rule)) return [wrongType(path, "must be an object")];
    const texts = textListErrors(rule, path);
    return texts.length > 0 ? texts : policyRuleErrors(rule, path, where);
  });
}

const ruleFields = ["verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs"];

function textListErrors(rule: JsonObject, path: string): readonly FieldError[] {
  return ruleFields
    .filter((name) => !isTextList(rule[name]))
    .map((name) => wrongType(`${path}.${name}`, "must be a list of strings"));
}

function isTextList(value: Json | undefined): boolean {
  return value === undefined || value === null || (isArray(value) && value.every(isString));
}

function policyRuleErrors(
  rule: JsonObject,
  path: string,
  { isNamespaced }: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  const [verbs, groups, resources, names, urls] = ruleFields.map((name) => arrayOf(rule[name]));
  const errors: FieldError[] = [];
  if (isEmpty(verbs)) {
    errors.push(requiredValue(`${path}.verbs`, "verbs must contain at least one value"));
  }
  if (!isEmpty(urls)) {
    const field = `${path}.nonResourceURLs`;
    const given = rule["nonResourceURLs"] ?? [];
    if (isNamespaced) {
      const because = "namespaced rules cannot apply to non-resource URLs";
      errors.push(invalidValue(field, given, because));
    }
    if (![groups, resources, names].every(isEmpty)) {
      const because = "rules cannot apply to both regular resources and non-resource URLs";
      errors.push(invalidValue(field, given, because));
    }
    return errors;
  }
  if (isEmpty(groups)) {
    const because = "resource rules must supply at least one api group";
    errors.push(requiredValue(`${path}.apiGroups`, because));
  }
  if (isEmpty(resources)) {
    const because = "resource rules must supply at least one resource";
    errors.push(requiredValue(`${path}.resources`, because));
  }
  return errors;
}

function isEmpty(list: readonly Json[] = []): boolean {
  return list.length === 0;
}

function aggregationErrors(aggregation: Json | undefined): readonly FieldError[] {
  if (aggregation === undefined || aggregation === null) return [];
  const selectors = objectOf(aggregation)["clusterRoleSelectors"];
  if (isEmpty(arrayOf(selectors))) {
    const because = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    return [requiredValue("aggregationRule.clusterRoleSelectors", because)];
  }
  return listErrors(selectors, "aggregationRule.clusterRoleSelectors", rulesMax);
}

/** Of a RoleBinding. What it refers to never changes: who trusted the name trusted the rules. */
export function roleBindingErrors(binding: KubeObject, before?: KubeObject): readonly FieldError[] {
  return bindingErrors(binding, before, { isNamespaced: true });
}

export function clusterRoleBindingErrors(
  binding: KubeObject,
  before?: KubeObject,
): readonly FieldError[] {
  return bindingErrors(binding, before, { isNamespaced: false });
}

function bindingErrors(
  binding: KubeObject,
  before: KubeObject | undefined,
  where: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  const { roleRef, subjects } = binding;
  const wrong = listErrors(subjects, "subjects", subjectsMax);
  const isChanged = before !== undefined && !jsonEquals(before["roleRef"], roleRef);
  return [
    ...roleRefErrors(objectOf(roleRef), where.isNamespaced ? ["Role", "ClusterRole"] : roleKinds),
    ...(wrong.length > 0
      ? wrong
      : arrayOf(subjects).flatMap((subject, index) =>
          subjectErrors(objectOf(subject), `subjects[${index}]`, where),
        )),
    ...(isChanged ? [invalidValue("roleRef", roleRef ?? null, "cannot change roleRef")] : []),
  ];
}

const roleKinds = ["ClusterRole"];

function roleRefErrors(roleRef: JsonObject, kinds: readonly string[]): readonly FieldError[] {
  const { apiGroup = "", kind = "", name } = roleRef;
  const text = textOf(name) ?? "";
  const wrong = text === "" ? undefined : wrongName("path-segment", text);
  return [
    ...(apiGroup === rbacGroup
      ? []
      : [unsupportedValue("roleRef.apiGroup", apiGroup, [rbacGroup])]),
    ...(kinds.includes(printed(kind)) ? [] : [unsupportedValue("roleRef.kind", kind, kinds)]),
    ...(text === "" ? [requiredValue("roleRef.name")] : []),
    ...(wrong === undefined ? [] : [invalidValue("roleRef.name", text, wrong)]),
  ];
}

const subjectKinds = ["ServiceAccount", "User", "Group"];

function subjectErrors(
  subject: JsonObject,
  path: string,
  where: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  const kind = textOf(subject["kind"]) ?? "";
  const name = textOf(subject["name"]) ?? "";
  const missing = name === "" ? [requiredValue(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      return [...missing, ...serviceAccountErrors(subject, path, where)];
    case "User":
    case "Group": {
      const { apiGroup = "" } = subject;
      const because = `${kind.toLowerCase()} name cannot be empty`;
      return [
        ...missing,
        ...(name === "" ? [invalidValue(`${path}.name`, "", because)] : []),
        ...(apiGroup === rbacGroup
          ? []
          : [unsupportedValue(`${path}.apiGroup`, apiGroup, [rbacGroup])]),
      ];
    }
    default:
      return [...missing, unsupportedValue(`${path}.kind`, kind, subjectKinds)];
  }
}

function serviceAccountErrors(
  { name = "", apiGroup = "", namespace = "" }: JsonObject,
  path: string,
  { isNamespaced }: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  const wrong = isString(name) && name !== "" ? wrongName("dns-subdomain", name) : undefined;
  return [
    ...(wrong === undefined ? [] : [invalidValue(`${path}.name`, name, wrong)]),
    ...(apiGroup === "" ? [] : [unsupportedValue(`${path}.apiGroup`, apiGroup, [""])]),
    ...(!isNamespaced && namespace === "" ? [requiredValue(`${path}.namespace`)] : []),
  ];
}

function listErrors(value: Json | undefined, field: string, max: number): readonly FieldError[] {
  if (value === undefined || value === null) return [];
  if (!isArray(value)) return [wrongType(field, "must be a list")];
  return value.length <= max ? [] : [tooMany(field, value.length, max)];
}

/** Sets what a binding may leave out: the API group of its role and of its subjects. */
export function preparedBinding(binding: KubeObject): KubeObject {
  const { roleRef, subjects } = binding;
  return {
    ...binding,
    ...(isObject(roleRef) && { roleRef: { ...roleRef, apiGroup: groupOf(roleRef) } }),
    ...(isArray(subjects) && { subjects: subjects.map(preparedSubject) }),
  };
}

function preparedSubject(subject: Json): Json {
  if (!isObject(subject)) return subject;
  const { kind } = subject;
  const isPerson = kind === "User" || kind === "Group";
  return isPerson ? { ...subject, apiGroup: groupOf(subject) } : subject;
}

function groupOf({ apiGroup }: JsonObject): Json {
  return apiGroup === undefined || apiGroup === "" ? rbacGroup : apiGroup;
}
