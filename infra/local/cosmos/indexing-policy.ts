import { badRequest } from "./refusal.ts";
import { isScalar, type Value } from "./sql/values.ts";
import type { JsonObject } from "./wire.ts";

/** Stands for "any element" in a path: `/refs/[]/?` is `["refs", "[]"]`. */
export const element = "[]";

/** The part of a container's indexing policy that decides which paths are indexed. */
export interface PolicyDefinition {
  readonly includedPaths: readonly { readonly path: string }[];
  readonly excludedPaths: readonly { readonly path: string }[];
  readonly compositeIndexes?: readonly (readonly CompositePath[])[] | undefined;
}

export interface CompositePath {
  readonly path: string;
  readonly order?: "ascending" | "descending" | undefined;
}

/** A composite index, ready to compare with an ORDER BY. */
export type Composite = readonly {
  readonly path: readonly string[];
  readonly descending: boolean;
}[];

export interface IndexingPolicy {
  readonly composites: readonly Composite[];
  /** Whether scalars at this path are indexed; the longest policy path decides. */
  covers(path: readonly string[]): boolean;
  /** One text per indexed path and value of an item: what a write pays for. */
  terms(body: JsonObject): Set<string>;
}

/** One step of the policy's paths, as a tree. */
interface Rule {
  /** From a path that ends in `/?`. */
  exact?: boolean;
  /** From a path that ends in `/*`. */
  below?: boolean;
  readonly children: Map<string, Rule>;
}

/** Always indexed, whatever the policy says: the documents of "Manage indexing policies". */
const alwaysIndexed = new Set(["id", "_ts"]);

/** @throws Refusal (400) when a path cannot be understood or "/" has no rule. */
export function compileIndexingPolicy(definition: PolicyDefinition): IndexingPolicy {
  const root: Rule = { children: new Map() };
  for (const { path } of definition.excludedPaths) addRule(root, path, false);
  for (const { path } of definition.includedPaths) addRule(root, path, true);
  if (root.below === undefined) {
    throw badRequest(
      'The special mandatory indexing path "/" is not provided in any of the path type sets. ' +
        "Please provide this path in one of the sets.",
    );
  }
  return {
    composites: (definition.compositeIndexes ?? []).map(parseComposite),
    covers: (path) => isAlwaysIndexed(path) || covers(root, path),
    terms(body) {
      const terms = new Set<string>();
      collectTerms({ rule: root, included: root.below === true, path: "" }, body, terms);
      return terms;
    },
  };
}

/** Splits `/a/"b-c"/d` into its names. */
export function parsePath(path: string): string[] {
  const names = path.match(/"[^"]*"|[^/"]+/g) ?? [];
  if (!path.startsWith("/")) {
    throw badRequest(`The indexing path '${path}' could not be accepted: it must start with '/'.`);
  }
  return names.map((name) => name.replace(/^"(.*)"$/, "$1"));
}

function addRule(root: Rule, path: string, included: boolean): void {
  const names = parsePath(path);
  const ending = names.pop();
  if (ending !== "?" && ending !== "*") {
    throw badRequest(
      `The indexing path '${path}' could not be accepted: it must end with '/?' or '/*'.`,
    );
  }
  let rule = root;
  for (const name of names) {
    const child: Rule = rule.children.get(name) ?? { children: new Map() };
    rule.children.set(name, child);
    rule = child;
  }
  if (ending === "?") rule.exact = included;
  else rule.below = included;
}

function parseComposite(paths: readonly CompositePath[]): Composite {
  return paths.map(({ path, order }) => ({
    path: parsePath(path),
    descending: order === "descending",
  }));
}

function isAlwaysIndexed(path: readonly string[]): boolean {
  return path.length === 1 && alwaysIndexed.has(path[0] ?? "");
}

function covers(root: Rule, path: readonly string[]): boolean {
  let rule: Rule | undefined = root;
  let included = root.below === true;
  for (const name of path) {
    rule = rule.children.get(name);
    if (rule === undefined) return included;
    included = rule.below ?? included;
  }
  return rule.exact ?? included;
}

interface Walk {
  readonly rule: Rule | undefined;
  readonly included: boolean;
  readonly path: string;
}

function collectTerms(walk: Walk, value: Value, terms: Set<string>): void {
  const { rule, included, path } = walk;
  if (isScalar(value)) {
    if (rule?.exact ?? included) terms.add(`${path}=${JSON.stringify(value)}`);
    return;
  }
  // Nothing below is included: this spares the walk through a large body that is left out.
  if (!included && (rule?.children.size ?? 0) === 0) return;
  for (const [name, child] of childrenOf(walk, value)) collectTerms(step(walk, name), child, terms);
}

/** System properties and the id are part of the base of every charge. */
function childrenOf({ path }: Walk, value: Value): Iterable<readonly [string, Value]> {
  if (Array.isArray(value)) return value.map((each) => [element, each as Value]);
  const children = Object.entries((value ?? {}) as JsonObject);
  if (path !== "") return children;
  return children.filter(([name]) => !name.startsWith("_") && name !== "id");
}

function step(walk: Walk, name: string): Walk {
  const rule = walk.rule?.children.get(name);
  return { rule, included: rule?.below ?? walk.included, path: `${walk.path}/${name}` };
}
