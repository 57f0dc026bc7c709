import { hasOrAll, type PolicyRule, pathCovers } from "./policy-rule.ts";

/** More single permissions than this are not compared one by one: the rules are refused. */
const permissionsMax = 50_000;

/**
 * The permissions in `wanted` that none of the rules in `held` has, as rules. Each permission (a
 * verb on one resource of one group, under one name) must be in a single held rule, so what two
 * held rules have together counts, and "*" is only covered by "*".
 *
 * Throws `RangeError` for more than `permissionsMax` permissions.
 */
export function uncoveredRules(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  const count = wanted.reduce((sum, rule) => sum + permissionsIn(rule), 0);
  if (count > permissionsMax) {
    throw new RangeError(`must grant no more than ${permissionsMax} permissions`);
  }
  const missing = wanted
    .flatMap(singlePermissions)
    .filter((single) => !held.some((rule) => covers(rule, single)));
  return compact(missing);
}

function permissionsIn({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): number {
  const named = Math.max(resourceNames.length, 1);
  return verbs.length * (apiGroups.length * resources.length * named + nonResourceURLs.length);
}

function singlePermissions(rule: PolicyRule): readonly PolicyRule[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((name) => ({
          apiGroups: [group],
          resources: [resource],
          ...(name !== undefined && { resourceNames: [name] }),
          verbs: [verb],
        })),
      ),
    ),
  );
  const onPaths = nonResourceURLs.flatMap((path) =>
    rule.verbs.map((verb) => ({ nonResourceURLs: [path], verbs: [verb] })),
  );
  return [...onResources, ...onPaths];
}

/** Whether one rule has a single permission. */
function covers(held: PolicyRule, single: PolicyRule): boolean {
  if (!hasOrAll(held.verbs, single.verbs[0] ?? "")) return false;
  const [path] = single.nonResourceURLs ?? [];
  if (path !== undefined) {
    return (held.nonResourceURLs ?? []).some((each) => pathCovers(each, path));
  }
  const [group = ""] = single.apiGroups ?? [];
  const [resource = ""] = single.resources ?? [];
  return (
    hasOrAll(held.apiGroups, group) &&
    coversResource(held.resources ?? [], resource) &&
    coversName(held.resourceNames ?? [], single.resourceNames?.[0])
  );
}

function coversResource(held: readonly string[], resource: string): boolean {
  if (hasOrAll(held, resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && held.includes(`*${resource.slice(slash)}`);
}

/** Who may do it with any name may do it with one; never the other way round. */
function coversName(held: readonly string[], name: string | undefined): boolean {
  return held.length === 0 || (name !== undefined && held.includes(name));
}

/** Permissions that differ by their verb only, together. */
function compact(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const together = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const isSimple = rule.nonResourceURLs === undefined && rule.resourceNames === undefined;
    const { verbs, ...rest } = rule;
    const name = JSON.stringify(isSimple ? rest : rule);
    const known = together.get(name);
    const both = new Set([...(known?.verbs ?? []), ...verbs]);
    together.set(name, known === undefined ? rule : { ...rule, verbs: [...both] });
  }
  return [...together.values()];
}

/** `{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}`, as Go prints it. */
export function ruleText(rule: PolicyRule): string {
  const fields: readonly (readonly [name: string, values: readonly string[] | undefined])[] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const parts = fields
    .filter(([, values = []]) => values.length > 0)
    .map(([name, values = []]) => `${name}:${listText(values)}`);
  return `{${parts.join(", ")}}`;
}

/** `["a" "b"]`: a list of texts as Go's `%q` prints it. */
export function listText(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
