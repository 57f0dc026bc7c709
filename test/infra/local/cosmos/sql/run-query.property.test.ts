import { expect, test } from "vitest";
import { compileIndexingPolicy } from "../../../../../infra/local/cosmos/indexing-policy.ts";
import { bodyOf, type StoredItem } from "../../../../../infra/local/cosmos/item.ts";
import { createPartition, type Partition } from "../../../../../infra/local/cosmos/partition.ts";
import type { Continuation } from "../../../../../infra/local/cosmos/sql/continuation.ts";
import { compile } from "../../../../../infra/local/cosmos/sql/evaluate.ts";
import { parseQuery } from "../../../../../infra/local/cosmos/sql/parse-query.ts";
import { runQuery } from "../../../../../infra/local/cosmos/sql/run-query.ts";
import { compareValues, valueAt } from "../../../../../infra/local/cosmos/sql/values.ts";
import { fc } from "../../../../chance.ts";

const policy = compileIndexingPolicy({
  includedPaths: ["/kind/?", "/name/?", "/revision/?", "/refs/[]/?"].map((path) => ({ path })),
  excludedPaths: [{ path: "/*" }],
  compositeIndexes: [
    [{ path: "/kind" }, { path: "/revision" }],
    [{ path: "/name" }, { path: "/revision", order: "descending" }],
  ],
});

/** Values are few, so that ties and all types meet. */
const value = fc.constantFrom(1, 2, "a", "b", "", true, null, undefined, [], {});
const body = fc.record({
  kind: value,
  name: value,
  revision: fc.integer({ min: 0, max: 20 }),
  refs: fc.option(fc.array(value.filter((each) => each !== undefined))),
  text: value,
});

/** What happens to the item of this number: a new body, or its end. */
const change = fc.tuple(fc.nat(120), fc.option(body));

const literal = fc.constantFrom("1", "2", "'a'", "'b'", "true", "null", "''", "15");
const paths = fc.constantFrom("c.kind", "c.name", "c.revision", "c.text");
const simple = fc.oneof(
  fc
    .tuple(paths, fc.constantFrom("=", "!=", "<", "<=", ">", ">="), literal)
    .map((parts) => parts.join(" ")),
  literal.map((each) => `ARRAY_CONTAINS(c.refs, ${each})`),
  fc.tuple(paths, literal, literal).map(([path, a, b]) => `${path} IN (${a}, ${b})`),
  fc.constantFrom("STARTSWITH(c.name, 'a')", "IS_DEFINED(c.kind)", "IS_NULL(c.name)", "c.text"),
);
const condition = fc.oneof(
  simple,
  simple.map((each) => `NOT ${each}`),
  fc.tuple(simple, simple).map(([a, b]) => `(${a} OR ${b})`),
);

const orders = [
  "",
  "c.revision",
  "c.revision DESC",
  "c.name",
  "c.name DESC",
  "c.kind, c.revision",
  "c.kind DESC, c.revision DESC",
  "c.name DESC, c.revision",
] as const;

const question = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  order: fc.constantFrom(...orders),
});

function itemOf(rid: number, number: number, text: string): StoredItem {
  return {
    rid,
    id: `i${number}`,
    partitionKey: '["f"]',
    lsn: rid,
    writtenAtSeconds: 0,
    expiresAtSeconds: undefined,
    etag: "",
    text,
    bytes: text.length,
  };
}

function carryOut(partition: Partition, changes: readonly [number, object | null][]): void {
  for (const [number, next] of changes) {
    const current = partition.items.get(`i${number}`);
    if (next !== null) {
      const rid = current?.rid ?? ++lastRid;
      partition.put(itemOf(rid, number, JSON.stringify({ ...next, id: `i${number}` })));
    } else if (current !== undefined) partition.remove(current);
  }
}

let lastRid = 0;

/** The ids that a query yields, page by page. */
function paged(partition: Partition, text: string, rowsMax: number): string[] {
  const query = parseQuery(text);
  const ids: string[] = [];
  let from: Continuation | undefined;
  do {
    const run = { query, policy, partitions: [partition], rowsMax, from, parameters: new Map() };
    const page = runQuery(run);
    ids.push(...page.rows.map((row) => JSON.parse(row) as string));
    from = page.next;
  } while (from !== undefined);
  return ids;
}

/** The same, the slow and obvious way. */
function scanned(partition: Partition, text: string): string[] {
  const { where, orderBy } = parseQuery(text);
  const matches = where === undefined ? () => true : compile(where, new Map());
  const turned = orderBy[0]?.descending === true ? -1 : 1;
  return [...partition.items.values()]
    .filter((item) => matches(bodyOf(item)) === true)
    .toSorted((a, b) => {
      for (const { path, descending } of orderBy) {
        const order = compareValues(valueAt(bodyOf(a), path), valueAt(bodyOf(b), path));
        if (order !== 0) return descending ? -order : order;
      }
      return turned * (a.rid - b.rid);
    })
    .map((item) => item.id);
}

test("indexes and pages change the speed of a query and never its rows", () => {
  const property = fc.property(
    fc.array(change, { maxLength: 150, size: "max" }),
    fc.array(change, { maxLength: 60, size: "max" }),
    fc.array(question, { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 1, max: 40 }),
    (first, second, questions, rowsMax) => {
      const partition = createPartition('["f"]');
      // The second round finds indexes that the first round's questions have built.
      for (const changes of [first, second]) {
        carryOut(partition, changes);
        for (const { conditions, order } of questions) {
          const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
          const tail = order === "" ? "" : ` ORDER BY ${order}`;
          const text = `SELECT VALUE c.id FROM c${where}${tail}`;
          const want = scanned(partition, text);
          expect([text, paged(partition, text, rowsMax)]).toEqual([text, want]);
          expect([text, paged(partition, text, 1_000)]).toEqual([text, want]);
        }
      }
    },
  );
  fc.assert(property, { numRuns: 200 });
}, 60_000);
