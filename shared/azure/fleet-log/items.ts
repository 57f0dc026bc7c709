/**
 * The items of the container "documents", as the fleet log asks for them: point reads and queries,
 * asked again while the service is busy, and batches, asked once.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Container, OperationInput, SqlQuerySpec } from "@azure/cosmos";
import type { FleetId } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { Operation } from "./operations.ts";
import { chargeIn, chargeOf, refusalOf } from "./refusals.ts";

/** One request; the service itself gives up after 5 s. */
const requestMilliseconds = 10_000;

/** A page of Cosmos; its own limit is 4 MB. */
const itemsPerPage = 1_000;

/** Called with each answer, failed ones too. */
export type OnCharge = (requestUnits: number, operation: "read" | "query" | "batch") => void;

export type BatchAnswer =
  /** The ETag of each operation's item, as far as there is one. */
  | { readonly kind: "done"; readonly etags: readonly (string | undefined)[] }
  /** Nothing happened, because of the operation at this place. */
  | { readonly kind: "failed"; readonly at: number; readonly status: number }
  | { readonly kind: "busy"; readonly retryAfterMilliseconds: number }
  /** Nothing happened, and no retry can change that. */
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "unknown" };

export interface Found {
  readonly item: unknown;
  readonly etag: string;
}

export interface Items {
  read(fleet: FleetId, id: string): Promise<Found | undefined>;
  /** In one fleet's partition, or without one in all; at most `limit` items. */
  query(spec: SqlQuerySpec, of?: { fleet?: FleetId; limit?: number }): Promise<readonly unknown[]>;
  batch(fleet: FleetId, operations: readonly Operation[]): Promise<BatchAnswer>;
}

export interface ItemsOptions {
  readonly container: Container;
  readonly onCharge?: OnCharge | undefined;
  /** So long a busy service is asked again before "Unavailable". */
  readonly patienceMilliseconds: number;
}

export function cosmosItems(options: ItemsOptions): Items {
  const { container, onCharge, patienceMilliseconds } = options;

  async function asked<Answer>(
    what: "read" | "query",
    ask: (abortSignal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const deadline = performance.now() + patienceMilliseconds;
    for (let attempt = 0; ; attempt++) {
      try {
        return await ask(AbortSignal.timeout(requestMilliseconds));
      } catch (error) {
        onCharge?.(chargeOf(error), what);
        await untilNextAttempt(error, { what, attempt, deadline });
      }
    }
  }

  return {
    read: async (fleet, id) =>
      await asked("read", async (abortSignal) => {
        const response = await container.item(id, fleet).read<{ id: string }>({ abortSignal });
        onCharge?.(chargeIn(response.headers), "read");
        const { resource, etag, substatus } = response;
        if (substatus === ownerMissing) throw new Error("Cannot read: the container must exist");
        return resource && { item: resource, etag };
      }),

    query: async (spec, { fleet, limit = Number.POSITIVE_INFINITY } = {}) =>
      await asked("query", async (abortSignal) => {
        const found: unknown[] = [];
        const iterator = container.items.query<unknown>(spec, {
          abortSignal,
          maxItemCount: Math.min(limit, itemsPerPage),
          ...(fleet !== undefined && { partitionKey: fleet }),
        });
        while (iterator.hasMoreResults() && found.length < limit) {
          const page = await iterator.fetchNext();
          onCharge?.(page.requestCharge, "query");
          found.push(...page.resources);
        }
        return found.slice(0, limit);
      }),

    async batch(fleet, operations) {
      try {
        const abortSignal = AbortSignal.timeout(requestMilliseconds);
        const inputs = operations as unknown as OperationInput[];
        const response = await container.items.batch(inputs, fleet, { abortSignal });
        onCharge?.(chargeIn(response.headers), "batch");
        return batchAnswer(response.result ?? []);
      } catch (error) {
        onCharge?.(chargeOf(error), "batch");
        const refusal = refusalOf(error);
        return refusal.kind === "refused" ? { kind: "refused", error } : refusal;
      }
    },
  };
}

/** The container or the database is missing, and not only the item. */
const ownerMissing = 1003;

/** Other operations of a failed batch carry this status: "failed dependency". */
const failedDependency = 424;

/** What the first operation, which replaces or creates the head, may meet in a race. */
const lostRaceStatuses: readonly number[] = [404, 409, 412];

interface OperationResult {
  readonly statusCode: number;
  readonly eTag?: string;
}

function batchAnswer(results: readonly OperationResult[]): BatchAnswer {
  const at = results.findIndex(
    ({ statusCode }) => statusCode >= 400 && statusCode !== failedDependency,
  );
  const failed = results[at];
  if (failed === undefined) return { kind: "done", etags: results.map(({ eTag }) => eTag) };
  const { statusCode: status } = failed;
  if (status === 429 || status === 449) return { kind: "busy", retryAfterMilliseconds: 20 };
  if (at === 0 && !lostRaceStatuses.includes(status)) {
    return { kind: "refused", error: new Error(`Cannot save head: Cosmos DB answered ${status}`) };
  }
  return { kind: "failed", at, status };
}

interface Attempt {
  readonly what: string;
  readonly attempt: number;
  readonly deadline: number;
}

async function untilNextAttempt(error: unknown, { what, attempt, deadline }: Attempt) {
  const refusal = refusalOf(error);
  if (refusal.kind === "refused") throw error;
  const backOff = Math.min(20 * 2 ** attempt, 1_000) * (0.5 + Math.random());
  const wait = refusal.kind === "busy" ? refusal.retryAfterMilliseconds + backOff / 4 : backOff;
  if (performance.now() + wait > deadline) {
    throw new FleetError("Unavailable", `Cannot ${what}: the database must be less busy`, {
      retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)),
      cause: error,
    });
  }
  await delay(wait);
}
