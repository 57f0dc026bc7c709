import { type PolicyRule, pathCovers } from "./policy-rule.ts";

/** More single permissions than this are not compared one by one: the rules are refused. */
const permissionsMax = 50_000;

/** So many comparisons of a permission with a held rule take a quarter of a second. */
const comparisonsMax = 5_000_000;

/**
 * The permissions in `wanted` that none of the rules in `held` has, as rules. Each permission (a
 * verb on one resource of one group, under one name) must be in a single held rule, so what two
 * held rules have together counts, and "*" is only covered by "*".
 *
 * Throws `RangeError` for more than `permissionsMax` permissions, and for so many of them and of
 * held rules that comparing them would keep others waiting.
 */
export function uncoveredRules(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  const count = wanted.reduce((sum, rule) => sum + permissionsIn(rule), 0);
  if (count > permissionsMax) {
    throw new RangeError(`must grant no more than ${permissionsMax} permissions`);
  }
  const isHeld = holderOf(held);
  return compact(wanted.flatMap(singlePermissions).filter((single) => !isHeld(single)));
}

/** Whether a single permission is in one of these rules, of which many may be equal. */
function holderOf(held: readonly PolicyRule[]): (single: PolicyRule) => boolean {
  const rules = [...new Map(held.map((rule) => [JSON.stringify(rule), rule])).values()];
  const all = rules.map(heldRule);
  let comparisons = 0;
  return (single) =>
    all.some((rule) => {
      comparisons += 1;
      if (comparisons <= comparisonsMax) return covers(rule, single);
      throw new RangeError("must grant less at once: it is compared with too many rules");
    });
}

/** A rule as it is looked up in. */
interface HeldRule {
  readonly verbs: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly urls: readonly string[];
}

function heldRule(rule: PolicyRule): HeldRule {
  return {
    verbs: new Set(rule.verbs),
    groups: new Set(rule.apiGroups),
    resources: new Set(rule.resources),
    names: new Set(rule.resourceNames),
    urls: [...new Set(rule.nonResourceURLs)],
  };
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
function covers(held: HeldRule, single: PolicyRule): boolean {
  if (!hasOrAll(held.verbs, single.verbs[0] ?? "")) return false;
  const [path] = single.nonResourceURLs ?? [];
  if (path !== undefined) return held.urls.some((each) => pathCovers(each, path));
  const [group = ""] = single.apiGroups ?? [];
  const [resource = ""] = single.resources ?? [];
  return (
    hasOrAll(held.groups, group) &&
    coversResource(held.resources, resource) &&
    coversName(held.names, single.resourceNames?.[0])
  );
}

function hasOrAll(list: ReadonlySet<string>, value: string): boolean {
  return list.has("*") || list.has(value);
}

function coversResource(held: ReadonlySet<string>, resource: string): boolean {
  if (hasOrAll(held, resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && held.has(`*${resource.slice(slash)}`);
}

/** Who may do it with any name may do it with one; never the other way round. */
function coversName(held: ReadonlySet<string>, name: string | undefined): boolean {
  return held.size === 0 || (name !== undefined && held.has(name));
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
