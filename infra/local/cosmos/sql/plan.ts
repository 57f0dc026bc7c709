import { element, type IndexingPolicy } from "../indexing-policy.ts";
import type { Partition } from "../partition.ts";
import type { IndexKey, IndexPath } from "../path-index.ts";
import { badRequest } from "../refusal.ts";
import {
  type Access,
  accessesOf,
  conjunctsOf,
  everything,
  isBeforeCut,
  isPoint,
  type Span,
} from "./access.ts";
import type { Parameters } from "./evaluate.ts";
import type { Condition, OrderBy, Query } from "./syntax.ts";

/** The part of a query that is the same for every partition: worked out once per request. */
export interface QueryShape {
  /** What the service's index can decide, and what it must load items for. */
  readonly indexed: Condition | undefined;
  readonly residual: Condition | undefined;
  /** Accesses that the indexing policy allows. */
  readonly accesses: readonly Access[];
  /** The index that has the asked order, and whether it is read backwards; none for rid order. */
  readonly order: { readonly index: ValuesKey; readonly backwards: boolean } | undefined;
}

type ValuesKey = Extract<IndexKey, { kind: "values" }>;

/** How one partition's items are reached. */
export type Plan =
  /** In the asked order, within a span of the first value: stops when the page is full. */
  | { readonly kind: "walk"; readonly index: ValuesKey | undefined; readonly span: Span }
  /** All candidates, to be sorted. */
  | { readonly kind: "collect"; readonly access: Access };

/**
 * @throws Refusal (400), as the service does, for an ORDER BY over a path that is not indexed or
 * over two paths without their composite index.
 */
export function shapeOf(query: Query, parameters: Parameters, policy: IndexingPolicy): QueryShape {
  const conjuncts = conjunctsOf(query.where);
  const indexed = conjuncts.filter((each) => isIndexed(each, policy));
  const residual = conjuncts.filter((each) => !isIndexed(each, policy));
  return {
    indexed: all(indexed),
    residual: all(residual),
    accesses: accessesOf(indexed, parameters),
    order: query.orderBy.length === 0 ? undefined : orderOf(query.orderBy, policy),
  };
}

/** @param wanted how many items the page can still take. */
export function planFor(partition: Partition, shape: QueryShape, wanted: number): Plan {
  const size = partition.items.size;
  const sized = shape.accesses.map((access) => ({ access, size: sizeOf(partition, access) }));
  const best = sized.toSorted((a, b) => a.size - b.size)[0];
  const walk = walkFor(shape, best?.access);
  if (best === undefined || walk.kind === "collect") return walk;
  const walked = walk.index === undefined ? size : spanSize(partition, walk.index, walk.span);
  const visits = Math.min(walked, (wanted + 1) * (size / Math.max(1, best.size)));
  const sorting = best.size * (1 + Math.log2(best.size + 1) / 4);
  return visits <= sorting ? walk : { kind: "collect", access: best.access };
}

function walkFor({ order, accesses }: QueryShape, best: Access | undefined): Plan {
  if (order !== undefined) {
    const [first] = order.index.paths;
    const access = accesses.find((each) => isSamePath(each, first));
    const [span, more] = access?.spans ?? [everything];
    const narrowed = span !== undefined && more === undefined && first?.descending === false;
    return { kind: "walk", index: order.index, span: narrowed ? span : everything };
  }
  // Entries of one value come in rid order, so a walk over them needs no sort.
  const [span, more] = best?.spans ?? [];
  if (best?.index.kind === "values" && span !== undefined && more === undefined && isPoint(span)) {
    return { kind: "walk", index: best.index, span };
  }
  return { kind: "walk", index: undefined, span: everything };
}

function isSamePath(access: Access, first: IndexPath | undefined): boolean {
  return (
    access.index.kind === "values" && JSON.stringify(access.path) === JSON.stringify(first?.path)
  );
}

function sizeOf(partition: Partition, { index, spans }: Access): number {
  return spans.reduce((sum, span) => sum + spanSize(partition, index, span), 0);
}

function spanSize(partition: Partition, index: IndexKey, { from, to }: Span): number {
  const { entries } = partition.index(index);
  const end = entries.rank((entry) => isBeforeCut(entry.values[0], to));
  return end - entries.rank((entry) => isBeforeCut(entry.values[0], from));
}

function orderOf(orderBy: readonly OrderBy[], policy: IndexingPolicy): QueryShape["order"] {
  const [first] = orderBy;
  const backwards = first?.descending === true;
  const index: ValuesKey = {
    kind: "values",
    paths: orderBy.map(({ path, descending }) => ({ path, descending: descending !== backwards })),
  };
  if (orderBy.length === 1 && first !== undefined && !policy.covers(first.path)) {
    throw badRequest("The index path corresponding to the specified order-by item is excluded.");
  }
  if (orderBy.length > 1 && !policy.composites.some((each) => serves(each, orderBy))) {
    throw badRequest(
      "The order by query does not have a corresponding composite index that it can be served " +
        "from.",
    );
  }
  return { index, backwards };
}

/** A composite index serves its own order and the exact opposite. */
function serves(composite: readonly IndexPath[], orderBy: readonly OrderBy[]): boolean {
  if (composite.length !== orderBy.length) return false;
  const turned = composite[0]?.descending !== orderBy[0]?.descending;
  return composite.every(({ path, descending }, at) => {
    const asked = orderBy[at];
    const same = JSON.stringify(path) === JSON.stringify(asked?.path);
    return same && asked?.descending === (descending !== turned);
  });
}

function all(conditions: readonly Condition[]): Condition | undefined {
  const [first] = conditions;
  return conditions.length > 1 ? { kind: "and", of: conditions } : first;
}

/** A condition is decided by the index when each path that it looks at is indexed. */
function isIndexed(condition: Condition, policy: IndexingPolicy): boolean {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.of.every((each) => isIndexed(each, policy));
    case "not":
      return isIndexed(condition.of, policy);
    case "compare":
      return isIndexed(condition.left, policy) && isIndexed(condition.right, policy);
    case "in":
      return [condition.left, ...condition.options].every((each) => isIndexed(each, policy));
    case "call":
      return condition.of.every((each) => {
        const elements = condition.name === "ARRAY_CONTAINS" && each.kind === "path";
        const path = elements ? [...each.path, element] : undefined;
        return path === undefined ? isIndexed(each, policy) : policy.covers(path);
      });
    case "path":
      return policy.covers(condition.path);
    case "literal":
    case "parameter":
      return true;
  }
}
