import { z } from "zod";
import { type Answer, answer, containerHeaders } from "./answers.ts";
import type { Container } from "./container.ts";
import { jsonOf } from "./item-requests.ts";
import { checkIdentity, type ItemOperation, type ItemOutcome } from "./items.ts";
import { canonicalKey } from "./partition-scope.ts";
import { parsePatch } from "./patch.ts";
import { badRequest, notSupported, type Refusal, tooLarge } from "./refusal.ts";
import { rounded } from "./request-units.ts";
import type { Store } from "./store.ts";
import type { JsonObject, WireRequest } from "./wire.ts";

/** The service's limits. */
const operationsMax = 100;
const batchBytesMax = 2 * 1024 * 1024;

const anyObject = z.custom<JsonObject>((value) => typeof value === "object" && value !== null);

const batchOperation = z.strictObject({
  operationType: z.enum(["Create", "Read", "Replace", "Upsert", "Delete", "Patch"]),
  id: z.string().optional(),
  partitionKey: z.string().optional(),
  ifMatch: z.string().optional(),
  ifNoneMatch: z.string().optional(),
  resourceBody: anyObject.optional(),
});

type BatchOperation = z.output<typeof batchOperation>;

export interface BatchRequest {
  readonly container: Container;
  readonly partitionKey: string | undefined;
}

/**
 * Serves a transactional batch: 200 and every outcome, or 207 and nothing done, with the status of
 * the operation that failed and 424 for all others.
 *
 * @throws Refusal (400) for a batch that is no batch at all, (413) for one over 2 MB.
 */
export function serveBatch(
  request: WireRequest,
  { container, partitionKey }: BatchRequest,
  store: Store,
): Answer {
  if (partitionKey === undefined) throw notSupported("a batch without a partition key");
  if (Buffer.byteLength(request.body) > batchBytesMax) throw tooLarge();
  const parsed = z.array(batchOperation).min(1).safeParse(jsonOf(request));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw notSupported(`this batch (${issue?.path.join(".")}: ${issue?.message})`);
  }
  if (parsed.data.length > operationsMax) {
    throw badRequest(`Batch request has more operations than what is supported: ${operationsMax}.`);
  }
  const operations = parsed.data.map((each) => operationOf(each, container, partitionKey));
  const transacted = store.transact(container, partitionKey, operations);
  const headers = containerHeaders(container, container.newest.lsn());
  if (transacted.kind === "refused") {
    const { at, refusal } = transacted;
    const body = operations.map((_, each) => (each === at ? failure(refusal) : dependency));
    return answer({ status: 207, charge: refusal.charge, body: `[${body.join(",")}]`, headers });
  }
  const minimal = request.headers["prefer"] === "return=minimal";
  const charge = rounded(transacted.outcomes.reduce((sum, each) => sum + each.charge, 0));
  const body = `[${transacted.outcomes.map((each) => success(each, minimal)).join(",")}]`;
  return answer({ status: 200, charge, body, headers });
}

const dependency = JSON.stringify({ statusCode: 424, requestCharge: 0 });

function failure({ status, substatus, charge, message }: Refusal): string {
  return JSON.stringify({
    statusCode: status,
    ...(substatus === undefined ? {} : { subStatusCode: substatus }),
    requestCharge: charge,
    message,
  });
}

function success({ status, charge, item }: ItemOutcome, minimal: boolean): string {
  const head = `"statusCode":${status},"requestCharge":${charge}`;
  if (item === undefined) return `{${head}}`;
  const body = minimal || status === 304 ? "" : `,"resourceBody":${item.text}`;
  return `{${head},"eTag":${JSON.stringify(item.etag)}${body}}`;
}

function operationOf(
  each: BatchOperation,
  container: Container,
  partitionKey: string,
): ItemOperation {
  if (each.partitionKey !== undefined && canonicalKey(each.partitionKey) !== partitionKey) {
    throw badRequest("A batch operation has a different partition key than the batch.");
  }
  const kind = each.operationType.toLowerCase() as ItemOperation["kind"];
  const { ifMatch, ifNoneMatch, resourceBody } = each;
  const isPatch = kind === "patch";
  return {
    kind,
    id: each.id ?? checkIdentity(resourceBody ?? {}, container, partitionKey),
    body: isPatch ? undefined : resourceBody,
    patch: isPatch ? parsePatch(resourceBody) : undefined,
    ifMatch,
    ifNoneMatch,
  };
}
