/** What server-side apply means, told as simply as it can be: a flat map and sets of its names. */
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** "size", "free/a", "tags/x", "parts/a", "parts/a/weight" with what each is set to. */
export type Leaves = ReadonlyMap<string, Json>;

export interface Model {
  readonly live: Map<string, Json>;
  /** By "alice/Apply", "bob/Update". */
  readonly owned: Map<string, Set<string>>;
}

export interface ModelWrite {
  readonly by: string;
  readonly how: "apply" | "force" | "update";
  readonly leaves: Leaves;
}

export function emptyModel(): Model {
  return { live: new Map(), owned: new Map() };
}

/** False for a conflict, which changes nothing. */
export function writeModel(model: Model, { by, how, leaves }: ModelWrite): boolean {
  const self = `${by}/${how === "update" ? "Update" : "Apply"}`;
  const others = [...model.owned].filter(([name]) => name !== self);
  const changed = [...leaves].filter(([path, value]) => model.live.get(path) !== value);
  const isTaken = changed.some(([path]) => others.some(([, owned]) => owned.has(path)));
  if (how === "apply" && isTaken) return false;

  const mine = model.owned.get(self) ?? new Set();
  const left = how === "update" ? [...model.live.keys()] : [...mine];
  const removed = left.filter(
    (path) =>
      !leaves.has(path) && (how === "update" || !others.some(([, owned]) => owned.has(path))),
  );
  for (const [path, value] of changed) {
    model.live.set(path, value);
    for (const [, owned] of others) owned.delete(path);
  }
  model.owned.set(self, how === "update" ? mine : new Set(leaves.keys()));
  if (how === "update") for (const [path] of changed) mine.add(path);
  for (const path of removed) removeBelow(model, path);
  return true;
}

/** An item goes with all that is in it, whoever owns that. */
function removeBelow(model: Model, above: string): void {
  for (const path of [...model.live.keys()]) {
    if (path !== above && !path.startsWith(`${above}/`)) continue;
    model.live.delete(path);
    for (const owned of model.owned.values()) owned.delete(path);
  }
}

/** The spec of a Widget as leaves. */
export function leavesOf(spec: JsonObject): Leaves {
  const { size, color, free = {}, tags = [], parts = [] } = spec;
  const leaves = new Map<string, Json>();
  if (size !== undefined) leaves.set("size", size);
  if (color !== undefined) leaves.set("color", color);
  for (const [name, value] of Object.entries(free as JsonObject)) {
    leaves.set(`free/${name}`, value as Json);
  }
  for (const tag of tags as string[]) leaves.set(`tags/${tag}`, true);
  for (const { name, weight } of parts as { name: string; weight?: number }[]) {
    leaves.set(`parts/${name}`, true);
    if (weight !== undefined) leaves.set(`parts/${name}/weight`, weight);
  }
  return leaves;
}

/** The leaves in an entry's `fieldsV1`; parents and keys, which say no more, are left out. */
export function leavesIn(fieldsV1: JsonObject): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (fields: JsonObject, path: readonly string[]): void => {
    for (const [element, below] of Object.entries(fields) as [string, JsonObject][]) {
      if (element === ".") continue;
      const next = [...path, nameOf(element)];
      const isMember = Object.keys(below).length === 0 || "." in below;
      if (isMember) found.add(next.slice(1).join("/"));
      visit(below, next);
    }
  };
  visit(fieldsV1, []);
  const parents = new Set(["", "free", "tags", "parts"]);
  return new Set([...found].filter((path) => !parents.has(path) && !path.endsWith("/name")));
}

/** `k:{"name":"a"}` → "a" */
function nameOf(element: string): string {
  const value = element.slice(2);
  if (element.startsWith("k:")) return String((JSON.parse(value) as JsonObject)["name"]);
  return element.startsWith("v:") ? String(JSON.parse(value)) : value;
}
