import type { Container, FeedOptions, JSONValue } from "@azure/cosmos";
import { expect, test } from "vitest";
import { document, errorOf, open, read } from "./open-endpoint.ts";

const items = [
  document("a", { revision: 1, name: "x", wakeAt: "2026-01-01", refs: ["r1", "r2"] }),
  document("b", { revision: 2, name: "y", namespace: "n", refs: ["r2", "r2", 5] }),
  document("c", {
    revision: 3,
    name: "z",
    kind: "runs",
    wakeAt: null,
    nested: { deep: 1, "a b": 2 },
  }),
  document("d", { revision: 4, name: "Xx", namespace: "n", flag: true, nested: { deep: "1" } }),
  document("e", { revision: 5, name: "xy", kind: "runs", flag: false, refs: "r1" }),
];

async function filled(): Promise<Container> {
  const { documents } = await open();
  for (const item of items) await documents.items.create(item);
  await documents.items.create(document("other", { fleet: "g" }));
  return documents;
}

async function ids(
  container: Container,
  where: string,
  options: FeedOptions = { partitionKey: "f" },
) {
  const { resources } = await container.items
    .query(`SELECT VALUE c.id FROM c ${where}`, options)
    .fetchAll();
  return (resources as string[]).join("");
}

const filters: readonly (readonly [where: string, want: string])[] = [
  ["", "abcde"],
  ["WHERE c.kind = 'members'", "abd"],
  ["WHERE 'members' = c.kind", "abd"],
  ["WHERE c.kind != 'members'", "ce"],
  ["WHERE c.revision > 3", "de"],
  ["WHERE 3 < c.revision", "de"],
  ["WHERE c.revision >= 2 AND c.revision < 4", "bc"],
  ["WHERE c.revision <= 2", "ab"],
  ["WHERE c.revision < 2", "a"],
  ["WHERE c.revision > 4 AND c.revision < 2", ""],
  ["WHERE c.revision = '1'", ""],
  ["WHERE c.revision > '0'", ""],
  ["WHERE c.revision IN (1, 5, 5, 9)", "ae"],
  ["WHERE c.revision NOT IN (1, 5)", "bcd"],
  ["WHERE c.kind = 'runs' OR c.revision = 1", "ace"],
  ["WHERE NOT c.kind = 'runs'", "abd"],
  ["WHERE NOT NOT c.kind = 'runs'", "ce"],
  ["WHERE NOT (c.kind = 'runs' OR c.revision = 1)", "bd"],
  ["WHERE c.flag", "d"],
  ["WHERE NOT c.flag", "e"],
  ["WHERE true", "abcde"],
  ["WHERE c.name", ""],
  // What is undefined is neither equal nor unequal, and neither is its negation.
  ["WHERE c.namespace != 'm'", "bd"],
  ["WHERE NOT c.namespace = 'm'", "bd"],
  ["WHERE c.namespace = 'n' OR c.revision = 1", "abd"],
  ["WHERE NOT (c.namespace = 'm' AND c.revision = 1)", "bcde"],
  ["WHERE IS_DEFINED(c.wakeAt)", "ac"],
  ["WHERE NOT IS_DEFINED(c.wakeAt)", "bde"],
  ["WHERE IS_NULL(c.wakeAt)", "c"],
  ["WHERE c.wakeAt = null", "c"],
  ["WHERE NOT IS_NULL(c.wakeAt)", "abde"],
  ["WHERE c.wakeAt <= '2026-06'", "a"],
  ["WHERE STARTSWITH(c.name, 'x')", "ae"],
  ["WHERE STARTSWITH(c.name, '')", "abcde"],
  ["WHERE STARTSWITH(c.revision, '1')", ""],
  ["WHERE ARRAY_CONTAINS(c.refs, 'r2')", "ab"],
  ["WHERE ARRAY_CONTAINS(c.refs, 'r2') AND ARRAY_CONTAINS(c.refs, 'r1')", "a"],
  ["WHERE ARRAY_CONTAINS(c.refs, 5)", "b"],
  ["WHERE ARRAY_CONTAINS(c.refs, '5')", ""],
  ["WHERE NOT ARRAY_CONTAINS(c.refs, 'r1')", "b"],
  ["WHERE c.nested.deep = 1", "c"],
  ['WHERE c["nested"]["deep"] = "1"', "d"],
  ["WHERE c.nested['a b'] = 2", "c"],
  ["WHERE IS_DEFINED(c.nested.deep.more)", ""],
  ["WHERE c.id = 'c' AND c.kind = 'runs'", "c"],
  ["WHERE c.name = \"x\" OR c.name = 'it\\'s'", "a"],
  ["where c.kind = 'runs' and not c.flag or c.revision = 2", "be"],
  ["WHERE c.body.text = 'x' AND c.revision < 3", "ab"],
  ["WHERE c.revision = -1 OR c.revision = 1.0 OR c.revision = 2e0", "ab"],
];

test.each(filters)("a query %s finds %j", async (where, want) => {
  expect(await ids(await filled(), where)).toBe(want);
});

const orders: readonly (readonly [tail: string, want: string])[] = [
  ["ORDER BY c.revision DESC", "edcba"],
  ["ORDER BY c.name", "daebc"],
  ["ORDER BY c.namespace", "acebd"],
  ["ORDER BY c.namespace DESC", "dbeca"],
  ["ORDER BY c.wakeAt", "bdeca"],
  ["ORDER BY c.namespace, c.name", "aecdb"],
  ["ORDER BY c.namespace DESC, c.name DESC", "bdcea"],
  ["ORDER BY c.kind, c.revision DESC", "dbaec"],
  ["ORDER BY c.kind DESC, c.revision ASC", "ceabd"],
  ["WHERE c.kind = 'members' ORDER BY c.revision DESC", "dba"],
  ["WHERE c.revision > 1 AND c.revision < 5 ORDER BY c.revision DESC", "dcb"],
  ["WHERE c.revision > 1 ORDER BY c.revision OFFSET 1 LIMIT 2", "cd"],
  ["OFFSET 0 LIMIT 2", "ab"],
  ["OFFSET 4 LIMIT 9", "e"],
  ["OFFSET 9 LIMIT 1", ""],
  ["OFFSET 0 LIMIT 0", ""],
];

test.each(orders)("a query %s comes in the order %j", async (tail, want) => {
  expect(await ids(await filled(), tail)).toBe(want);
});

test("parameters stand for values everywhere", async () => {
  const container = await filled();
  const { resources } = await container.items
    .query(
      {
        query:
          "SELECT VALUE c.id FROM c WHERE c.kind = @kind AND c.revision IN (@a, @b) " +
          "ORDER BY c.revision OFFSET @skip LIMIT @take",
        parameters: Object.entries({ kind: "members", a: 1, b: 2, skip: 1, take: 1 }).map(
          ([name, value]) => ({ name: `@${name}`, value: value as JSONValue }),
        ),
      },
      { partitionKey: "f" },
    )
    .fetchAll();
  expect(resources).toEqual(["b"]);
});

const selections: readonly (readonly [select: string, want: unknown])[] = [
  ["SELECT c.id, c.nested.deep, c.nested['a b'] AS spaced", [{ id: "c", deep: 1, spaced: 2 }]],
  ["SELECT c.id, c.none", [{ id: "c" }]],
  ["SELECT VALUE c.nested", [{ deep: 1, "a b": 2 }]],
  ["SELECT VALUE c.none", []],
  ["SELECT VALUE c.wakeAt", [null]],
  ["SELECT TOP 1 c.name", [{ name: "z" }]],
  ["SELECT VALUE COUNT(1)", [1]],
];

test.each(selections)("%s shapes the rows", async (select, want) => {
  const container = await filled();
  const { resources } = await container.items
    .query(`${select} FROM c WHERE c.id = 'c'`, { partitionKey: "f" })
    .fetchAll();
  expect(resources).toEqual(want);
});

test("SELECT * and SELECT VALUE of the item are the stored item, by whatever alias", async () => {
  const container = await filled();
  const resource = await read(container, "a");
  for (const query of [
    "SELECT * FROM c WHERE c.id = 'a'",
    "SELECT VALUE root FROM root WHERE root.id = 'a'",
  ]) {
    const { resources } = await container.items.query(query, { partitionKey: "f" }).fetchAll();
    expect(resources).toEqual([resource]);
  }
});

const aggregates: readonly (readonly [query: string, want: unknown[]])[] = [
  ["SELECT VALUE COUNT(1) FROM c", [5]],
  ["SELECT VALUE COUNT(1) FROM c WHERE c.kind = 'none'", [0]],
  ["SELECT VALUE COUNT(1) FROM c WHERE c.flag", [1]],
  ["SELECT VALUE MAX(c.revision) FROM c", [5]],
  ["SELECT VALUE MIN(c.revision) FROM c WHERE c.kind = 'runs'", [3]],
  ["SELECT VALUE MAX(c.revision) FROM c WHERE c.kind = 'none'", []],
  ["SELECT VALUE MIN(c.wakeAt) FROM c", [null]],
  ["SELECT VALUE MAX(c.flag) FROM c", [true]],
  ["SELECT VALUE SUM(c.revision) FROM c WHERE c.kind = 'members'", [7]],
  ["SELECT VALUE SUM(c.name) FROM c", []],
  ["SELECT VALUE SUM(c.none) FROM c", [0]],
];

test.each(aggregates)("%s", async (query, want) => {
  const container = await filled();
  const { resources } = await container.items.query(query, { partitionKey: "f" }).fetchAll();
  expect(resources).toEqual(want);
});

test("a query without a partition key reads all partitions, page by page", async () => {
  const { documents } = await open();
  for (let n = 0; n < 12; n++)
    await documents.items.create(document(`i${n}`, { fleet: `f${n % 4}` }));
  const pages: string[][] = [];
  const query = documents.items.query("SELECT VALUE c.id FROM c WHERE c.kind = 'members'", {
    maxItemCount: 5,
  });
  while (query.hasMoreResults()) pages.push((await query.fetchNext()).resources as string[]);
  expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
  expect(new Set(pages.flat()).size).toBe(12);
  expect(await ids(documents, "WHERE c.fleet = 'f1'", {})).toBe("i1i5i9");
});

test("a plan that the SDK is told to carry out reads the same items", async () => {
  const container = await filled();
  expect(await ids(container, "WHERE c.kind = 'runs'", { forceQueryPlan: true })).toBe("ce");
});

test("ORDER BY over a path that is not indexed is refused, as on Azure", async () => {
  const { documents } = await open();
  const query = documents.items.query("SELECT * FROM c ORDER BY c.body.text", {
    partitionKey: "f",
  });
  const error = await errorOf(query.fetchAll());
  expect(error.code).toBe(400);
  expect(error.message).toContain("order-by item is excluded");
});

test.each([
  "c.kind, c.name",
  "c.name, c.namespace",
  "c.namespace DESC, c.name",
  "c.kind, c.revision",
])("ORDER BY %s is refused without its composite index", async (orderBy) => {
  const { documents } = await open();
  const query = documents.items.query(`SELECT * FROM c ORDER BY ${orderBy}`, { partitionKey: "f" });
  const error = await errorOf(query.fetchAll());
  expect(error.code).toBe(400);
  expect(error.message).toContain("composite index");
});

const paged: readonly string[] = [
  "SELECT * FROM c",
  "SELECT * FROM c WHERE c.kind = 'members'",
  "SELECT * FROM c WHERE c.revision > 10 AND c.body.text = 'x'",
  "SELECT * FROM c ORDER BY c.name",
  "SELECT * FROM c ORDER BY c.wakeAt DESC",
  "SELECT * FROM c WHERE ARRAY_CONTAINS(c.refs, 'r1') ORDER BY c.namespace, c.name",
  "SELECT * FROM c ORDER BY c.kind DESC, c.revision OFFSET 3 LIMIT 20",
  "SELECT TOP 25 * FROM c",
];

test.each(paged)("pages of %s make up the whole", async (query) => {
  const { documents, endpoint } = await open();
  for (let n = 0; n < 40; n++) {
    const more = { revision: n, kind: n % 3 ? "members" : "runs", name: `n${(n * 7) % 10}` };
    const wakeAt = n % 4 === 0 ? undefined : `2026-0${n % 4}`;
    await documents.items.create(document(`i${n}`, { ...more, refs: [`r${n % 2}`], wakeAt }));
  }
  const whole = await documents.items.query(query, { partitionKey: "f" }).fetchAll();
  const rows: unknown[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await documents.items
      .query(query, {
        partitionKey: "f",
        maxItemCount: 3,
        ...(continuationToken === undefined ? {} : { continuationToken }),
      })
      .fetchNext();
    expect(page.resources.length).toBeLessThanOrEqual(3);
    rows.push(...(page.resources as unknown[]));
    // The SDK says "string", and leaves it out on the last page.
    continuationToken = page.continuationToken as string | undefined;
  } while (continuationToken !== undefined);
  expect(rows).toEqual(whole.resources);
  expect(rows.length).toBeGreaterThan(10);
  expect((await endpoint.statistics()).byKind.query?.requests).toBeGreaterThan(4);
});

test("a page continues behind its last item, whatever was written meanwhile", async () => {
  const { documents } = await open();
  for (const id of ["b", "d", "f"]) await documents.items.create(document(id));
  const options = { partitionKey: "f", maxItemCount: 2 };
  const query = "SELECT VALUE c.id FROM c ORDER BY c.name";
  const first = await documents.items.query(query, options).fetchNext();
  expect(first.resources).toEqual(["b", "d"]);
  await documents.item("d", "f").delete();
  for (const id of ["a", "e"]) await documents.items.create(document(id));
  const second = await documents.items
    .query(query, { ...options, continuationToken: first.continuationToken })
    .fetchNext();
  expect(second.resources).toEqual(["e", "f"]);
});

test("a continuation token serves only its own query", async () => {
  const container = await filled();
  const options = { partitionKey: "f", maxItemCount: 2 };
  const { continuationToken } = await container.items.query("SELECT * FROM c", options).fetchNext();
  for (const [query, token] of [
    ["SELECT * FROM c WHERE true", continuationToken],
    ["SELECT * FROM c", "nonsense"],
  ] as const) {
    const error = await errorOf(
      container.items.query(query, { ...options, continuationToken: token }).fetchNext(),
    );
    expect(error.code).toBe(400);
  }
});

test("each query asks for its plan too, which costs nothing", async () => {
  const { documents, endpoint } = await open();
  await documents.items.query("SELECT * FROM c", { partitionKey: "f" }).fetchAll();
  const { byKind } = await endpoint.statistics();
  expect(byKind["query-plan"]).toEqual({ requests: 1, requestUnits: 0 });
});
