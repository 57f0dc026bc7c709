import { bodyOf, type StoredItem } from "../item.ts";
import type { Partition } from "../partition.ts";
import { compareTuples, type IndexEntry } from "../path-index.ts";
import type { JsonObject } from "../wire.ts";
import { isBeforeCut } from "./access.ts";
import type { Plan, QueryShape } from "./plan.ts";
import { type Value, valueAt } from "./values.ts";

/** Where a page ended: the place of its last item in the asked order. */
export interface Place {
  /** The item's values at the paths of ORDER BY; empty without one. */
  readonly values: readonly Value[];
  readonly rid: number;
}

export interface Search {
  readonly partition: Partition;
  readonly shape: QueryShape;
  readonly plan: Plan;
  /** Whether the indexed part of the condition lets an item through. */
  readonly admits: (body: JsonObject) => boolean;
  /** Leaves out everything up to here. */
  readonly after: Place | undefined;
}

/** The items that the indexed part of the condition lets through, in the asked order. */
export function* candidates(search: Search): Iterable<StoredItem> {
  const { plan } = search;
  const found = plan.kind === "walk" ? walk(search, plan) : collect(search, plan);
  for (const item of found) if (search.admits(bodyOf(item))) yield item;
}

export function placeOf(item: StoredItem, shape: QueryShape): Place {
  const paths = shape.order?.index.paths ?? [];
  return { values: paths.map(({ path }) => valueAt(bodyOf(item), path)), rid: item.rid };
}

type Walk = Extract<Plan, { kind: "walk" }>;

function* walk(search: Search, { index, span }: Walk): Iterable<StoredItem> {
  const { partition, shape, after } = search;
  if (index === undefined) {
    yield* partition.byRid.ascending((item) => after !== undefined && item.rid <= after.rid);
    return;
  }
  const compare = comparison(shape);
  const { entries } = partition.index(index);
  const startsLater = (entry: IndexEntry) => isBeforeCut(entry.values[0], span.from);
  const endsLater = (entry: IndexEntry) => isBeforeCut(entry.values[0], span.to);
  if (shape.order?.backwards === true) {
    const ahead = (entry: IndexEntry) =>
      endsLater(entry) && (after === undefined || compare(asPlace(entry), after) > 0);
    for (const entry of entries.descending(ahead)) {
      if (startsLater(entry)) return;
      yield entry.item;
    }
    return;
  }
  const passed = (entry: IndexEntry) =>
    startsLater(entry) ||
    (endsLater(entry) && after !== undefined && compare(asPlace(entry), after) <= 0);
  for (const entry of entries.ascending(passed)) {
    if (!endsLater(entry)) return;
    yield entry.item;
  }
}

type Collect = Extract<Plan, { kind: "collect" }>;

function collect(search: Search, { access }: Collect): Iterable<StoredItem> {
  const { partition, shape, after, admits } = search;
  const compare = comparison(shape);
  const found: { item: StoredItem; place: Place }[] = [];
  const { entries } = partition.index(access.index);
  for (const { from, to } of access.spans) {
    for (const { item, values } of entries.ascending((each) => isBeforeCut(each.values[0], from))) {
      if (!isBeforeCut(values[0], to)) break;
      const place = placeOf(item, shape);
      const ahead = after === undefined || compare(place, after) > 0;
      if (ahead && admits(bodyOf(item))) found.push({ item, place });
    }
  }
  return found.sort((a, b) => compare(a.place, b.place)).map(({ item }) => item);
}

/** The asked order: by the values of ORDER BY, then by rid; all of it turned for a DESC. */
function comparison({ order }: QueryShape): (a: Place, b: Place) => number {
  const descending = order?.index.paths.map((each) => each.descending) ?? [];
  const sign = order?.backwards === true ? -1 : 1;
  return (a, b) => sign * (compareTuples(a.values, b.values, descending) || a.rid - b.rid);
}

function asPlace({ values, item }: IndexEntry): Place {
  return { values, rid: item.rid };
}
