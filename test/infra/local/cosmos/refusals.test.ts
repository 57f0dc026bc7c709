import type { ContainerRequest, SqlQuerySpec } from "@azure/cosmos";
import { expect, test } from "vitest";
import { document, documents, errorOf, open } from "./open-endpoint.ts";

const containers: readonly (readonly [what: string, change: object])[] = [
  ["unique keys", { uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/name"] }] } }],
  ["a hierarchical key", { partitionKey: { paths: ["/a", "/b"], kind: "MultiHash", version: 2 } }],
  ["a key of version 1", { partitionKey: { paths: ["/fleet"], kind: "Hash", version: 1 } }],
  ["a nested key", { partitionKey: { paths: ["/a/b"], kind: "Hash", version: 2 } }],
  ["a throughput", { throughput: 400 }],
  ["an all-versions feed", { changeFeedPolicy: { retentionDuration: 5 } }],
  ["no rule for the root", { indexingPolicy: { includedPaths: [{ path: "/a/?" }] } }],
  [
    "a path without an ending",
    { indexingPolicy: { includedPaths: [{ path: "/a" }], excludedPaths: [{ path: "/*" }] } },
  ],
];

test.each(containers)("a container with %s is refused", async (_what, change) => {
  const { client } = await open();
  const definition = { ...documents, id: "other", ...change } as ContainerRequest;
  const error = await errorOf(client.database("fleets").containers.create(definition));
  expect(error.code).toBe(400);
  expect((await errorOf(client.database("fleets").container("other").read())).code).toBe(404);
});

const queries: readonly string[] = [
  "SELECT DISTINCT c.kind FROM c",
  "SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind",
  "SELECT VALUE AVG(c.revision) FROM c",
  "SELECT VALUE COUNT(c.revision) FROM c",
  "SELECT COUNT(1) AS n FROM c",
  "SELECT VALUE COUNT(1) FROM c ORDER BY c.name",
  "SELECT * FROM c JOIN r IN c.refs",
  "SELECT * FROM r IN c.refs",
  "SELECT * FROM c WHERE c.name LIKE 'a%'",
  "SELECT * FROM c WHERE c.revision BETWEEN 1 AND 2",
  "SELECT * FROM c WHERE LOWER(c.name) = 'a'",
  "SELECT * FROM c WHERE STARTSWITH(c.name, 'a', true)",
  "SELECT * FROM c WHERE c.refs[0] = 'a'",
  "SELECT * FROM c WHERE EXISTS(SELECT VALUE 1)",
  "SELECT * FROM c WHERE c.revision + 1 = 2",
  "SELECT * FROM c WHERE c.value = 1",
  "SELECT * FROM c WHERE d.name = 'a'",
  "SELECT * FROM c WHERE c.name = @missing",
  "SELECT * FROM c ORDER BY c.kind, c.name, c.revision",
  "SELECT * FROM c ORDER BY c.name + 'a'",
  "SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1",
  "SELECT TOP -1 * FROM c",
  "SELECT c.name, c.name FROM c",
  "SELECT * FROM (SELECT * FROM c)",
  "SELECT * FROM c WHERE c.name = 'open",
  "SELECT * FROM c WHERE c.name = 'a' 'b'",
  "DELETE FROM c",
  `SELECT * FROM c WHERE ${"(".repeat(40)}true${")".repeat(40)}`,
];

test.each(queries)("the query %s is refused with 400", async (query) => {
  const { documents: container } = await open();
  await container.items.create(document("a"));
  const error = await errorOf(container.items.query(query, { partitionKey: "f" }).fetchAll());
  expect(error.code).toBe(400);
});

const merges: readonly string[] = [
  "SELECT * FROM c ORDER BY c.name",
  "SELECT TOP 1 * FROM c",
  "SELECT * FROM c OFFSET 0 LIMIT 1",
  "SELECT VALUE COUNT(1) FROM c",
];

test.each(merges)("%s over all partitions is refused, not merged wrongly", async (query) => {
  const { documents: container } = await open();
  await container.items.create(document("a"));
  const error = await errorOf(container.items.query(query).fetchAll());
  expect(error.code).toBe(400);
  expect(error.message).toContain("without a partition key");
});

test("an array as a parameter is refused", async () => {
  const { documents: container } = await open();
  const query: SqlQuerySpec = {
    query: "SELECT * FROM c WHERE ARRAY_CONTAINS(@names, c.name)",
    parameters: [{ name: "@names", value: ["a"] }],
  };
  const error = await errorOf(container.items.query(query, { partitionKey: "f" }).fetchAll());
  expect(error.code).toBe(400);
});

test("deleting containers and bulk requests are refused", async () => {
  const { documents: container } = await open();
  expect((await errorOf(container.delete())).code).toBe(400);
  const [result] = await container.items.executeBulkOperations([
    { operationType: "Create", partitionKey: "f", resourceBody: document("a") },
  ]);
  expect(result?.error?.code).toBe(400);
  expect((await container.item("a", "f").read()).statusCode).toBe(404);
});
