import { z } from "zod";
import { badRequest, notSupported } from "./refusal.ts";
import type { Json, JsonObject } from "./wire.ts";

/** The service's limit for one item. */
const operationsMax = 10;
const systemProperties = new Set(["id", "_ts", "_etag", "_rid", "_self", "_attachments"]);

const operation = z.strictObject({
  op: z.enum(["add", "set", "replace", "remove", "incr"]),
  path: z.string().startsWith("/").max(1_024),
  value: z.unknown().optional(),
});

const patchBody = z.union([
  z
    .array(operation)
    .min(1)
    .transform((operations) => ({ condition: undefined, operations })),
  z.strictObject({
    condition: z.string().max(65_536).optional(),
    operations: z.array(operation).min(1),
  }),
]);

/** The body of a PATCH: a bare list of operations, or one with a condition (`from c where ...`). */
export type PatchBody = z.output<typeof patchBody>;
type PatchOperation = z.output<typeof operation>;

/** @throws Refusal (400), also for "move", which the product does not use. */
export function parsePatch(body: unknown): PatchBody {
  const result = patchBody.safeParse(body);
  if (!result.success) {
    throw notSupported(`this patch (${result.error.issues[0]?.message ?? "invalid"})`);
  }
  if (result.data.operations.length > operationsMax) {
    throw badRequest(`The number of patch operations can't exceed '${operationsMax}'.`);
  }
  return result.data;
}

/**
 * The body with all operations carried out in order; the given one is left as it is.
 *
 * @throws Refusal (400) when an operation does not apply: then none is carried out.
 */
export function applyPatch(
  body: JsonObject,
  operations: readonly PatchOperation[],
  partitionKeyName: string,
): JsonObject {
  const patched = structuredClone(body) as Node;
  for (const [at, each] of operations.entries()) {
    const names = each.path
      .slice(1)
      .split("/")
      .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    const [first = ""] = names;
    if (systemProperties.has(first) || (names.length === 1 && first === partitionKeyName)) {
      throw refused(at, `cannot patch the system or partition key property '${each.path}'.`);
    }
    applyOne({ at, operation: each, names }, patched);
  }
  return patched as JsonObject;
}

/** An object or array under change. */
type Node = Record<string, unknown>;

interface Step {
  readonly at: number;
  readonly operation: PatchOperation;
  readonly names: readonly string[];
}

function applyOne(step: Step, body: Node): void {
  const { at, operation: asked, names } = step;
  const parent = parentOf(body, names);
  const name = names.at(-1) ?? "";
  if (parent === undefined) {
    throw refused(at, `no path found beyond: '${asked.path}'; it is not created recursively.`);
  }
  const exists = Object.hasOwn(parent, name);
  switch (asked.op) {
    case "add":
      put(step, parent, "insert");
      break;
    case "set":
      put(step, parent, "overwrite");
      break;
    case "replace":
      if (!exists) throw refused(at, `node '${asked.path}' to be replaced is absent.`);
      put(step, parent, "overwrite");
      break;
    case "remove":
      if (!exists) throw refused(at, "Remove Operation only works on existing nodes.");
      if (Array.isArray(parent)) parent.splice(Number(name), 1);
      else delete parent[name];
      break;
    case "incr":
      increment(step, parent, name);
  }
}

function increment({ at, operation: asked }: Step, parent: Node, name: string): void {
  const exists = Object.hasOwn(parent, name);
  const current = exists ? parent[name] : 0;
  if (!exists && Array.isArray(parent)) {
    throw refused(at, "Index to operate on is out of array bounds.");
  }
  if (typeof asked.value !== "number" || typeof current !== "number") {
    throw refused(at, "Increment Operation can only be performed on numbers.");
  }
  parent[name] = current + asked.value;
}

function put(step: Step, parent: Node, mode: "insert" | "overwrite"): void {
  const { at, operation: asked, names } = step;
  const name = names.at(-1) ?? "";
  const value = asked.value as Json | undefined;
  if (value === undefined) throw refused(at, `'${asked.op}' needs a value.`);
  if (!Array.isArray(parent)) {
    parent[name] = value;
    return;
  }
  const index = name === "-" ? parent.length : Number(name);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) {
    throw refused(at, "Index to operate on is out of array bounds.");
  }
  parent.splice(index, mode === "overwrite" && index < parent.length ? 1 : 0, value);
}

function parentOf(body: Node, names: readonly string[]): Node | undefined {
  let node: unknown = body;
  for (const name of names.slice(0, -1)) {
    if (!isNode(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return isNode(node) ? node : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function refused(at: number, reason: string) {
  return badRequest(`For Operation(${at + 1}): ${reason}`);
}
