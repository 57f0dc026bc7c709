import { type Container, type OperationInput, PatchOperationType } from "@azure/cosmos";
import { expect, test } from "vitest";
import { fc } from "../../../chance.ts";
import { open } from "./open-endpoint.ts";

/** What an operation does to an item of a plain map. */
interface Step {
  readonly kind: "Create" | "Upsert" | "Replace" | "Delete" | "Patch" | "Read";
  readonly id: string;
  readonly n: number;
  readonly match: "none" | "current" | "stale";
}

interface Item {
  readonly n: number;
  readonly etag: string;
}

type Model = Map<string, Item>;

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("Create", "Upsert", "Replace", "Delete", "Patch", "Read"),
  id: fc.constantFrom("a", "b%2F", "c"),
  n: fc.integer({ min: 0, max: 99 }),
  match: fc.constantFrom("none", "none", "current", "stale"),
});

/** Some steps alone, some as batches. */
const script = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 12 });

/** The status that a step must have; it changes the model unless it is refused. */
function expected({ kind, id, n, match }: Step, model: Model): number {
  const current = model.get(id);
  if (kind === "Create" && current !== undefined) return 409;
  if (kind === "Create" || (kind === "Upsert" && current === undefined)) {
    model.set(id, { n, etag: "" });
    return 201;
  }
  if (current === undefined) return 404;
  if (kind === "Read") return 200;
  if (match === "stale") return 412;
  if (kind === "Delete") {
    model.delete(id);
    return 204;
  }
  model.set(id, { n: kind === "Patch" ? current.n + n : n, etag: "" });
  return 200;
}

/** If-Match only where there is something to match: what it means elsewhere is not documented. */
function operationOf({ kind, id, n, match }: Step, model: Model, fleet: string): OperationInput {
  const condition = match === "stale" ? '"stale"' : model.get(id)?.etag;
  const known = match !== "none" && model.has(id) && condition !== "";
  const ifMatch = known && condition !== undefined ? { ifMatch: condition } : {};
  const resourceBody = { id, fleet, n };
  switch (kind) {
    case "Create":
      return { operationType: kind, resourceBody };
    case "Upsert":
      return { operationType: kind, resourceBody, ...ifMatch };
    case "Replace":
      return { operationType: kind, id, resourceBody, ...ifMatch };
    case "Patch": {
      const operations = [{ op: PatchOperationType.incr, path: "/n", value: n }];
      return { operationType: kind, id, resourceBody: { operations }, ...ifMatch };
    }
    case "Delete":
      return { operationType: kind, id, ...ifMatch } as OperationInput;
    case "Read":
      return { operationType: kind, id };
  }
}

/**
 * Runs one batch against the endpoint and the model. A "stale" that would not be sent, because
 * there is nothing to match yet, is none.
 */
async function runBatch(container: Container, model: Model, batch: readonly Step[], fleet: string) {
  const next: Model = new Map(model);
  const wanted: number[] = [];
  const operations: OperationInput[] = [];
  for (const each of batch) {
    const operation = operationOf(each, next, fleet);
    const sent = "ifMatch" in operation ? each.match : "none";
    operations.push(operation);
    if (!wanted.some((status) => status >= 400)) {
      wanted.push(expected({ ...each, match: sent }, next));
    }
  }
  const failed = wanted.findIndex((status) => status >= 400);
  const statuses =
    failed === -1 ? wanted : batch.map((_, at) => (at === failed ? wanted[failed] : 424));
  const { code, result } = await container.items.batch(operations, fleet);
  expect(result?.map((each) => each.statusCode)).toEqual(statuses);
  expect(code).toBe(failed === -1 ? 200 : 207);
  if (failed === -1) replaceModel(model, next);
}

function replaceModel(model: Model, next: Model): void {
  model.clear();
  for (const [id, item] of next) model.set(id, item);
}

/** What the endpoint holds is what the model holds; its ETags become the model's. */
async function compare(container: Container, model: Model, fleet: string): Promise<void> {
  const { resources } = await container.items
    .query<{ id: string; n: number; _etag: string }>("SELECT * FROM c", { partitionKey: fleet })
    .fetchAll();
  const held = Object.fromEntries(resources.map((each) => [each.id, each.n]));
  expect(held).toEqual(Object.fromEntries([...model].map(([id, item]) => [id, item.n])));
  for (const { id, n, _etag: etag } of resources) {
    expect((await container.item(id, fleet).read()).etag).toBe(etag);
    model.set(id, { n, etag });
  }
}

test("items and batches do to the endpoint what they do to a map", async () => {
  const { documents } = await open();
  const seen = { committed: 0, refused: 0 };
  const runs = fc.asyncProperty(script, async (batches) => {
    const fleet = crypto.randomUUID();
    const model: Model = new Map();
    for (const batch of batches) {
      const before = JSON.stringify([...model]);
      await runBatch(documents, model, batch, fleet);
      if (JSON.stringify([...model]) === before) seen.refused += 1;
      else seen.committed += 1;
      await compare(documents, model, fleet);
    }
  });
  await fc.assert(runs, { numRuns: 150 });
  // A script that never commits, or never fails, would prove little.
  expect(seen.committed).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(50);
}, 60_000);
