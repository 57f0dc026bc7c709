import { type Answer, answer, containerHeaders } from "./answers.ts";
import type { Container } from "./container.ts";
import type { StoredItem } from "./item.ts";
import {
  applyItemOperation,
  checkIdentity,
  type ItemOperation,
  type ItemOutcome,
} from "./items.ts";
import { parsePatch } from "./patch.ts";
import { badRequest } from "./refusal.ts";
import type { Replica } from "./replica.ts";
import type { Store } from "./store.ts";
import { isObject, type JsonObject, type WireRequest } from "./wire.ts";

export interface ItemRequest {
  readonly kind: ItemOperation["kind"];
  /** From the path; a create or upsert names its item in the body. */
  readonly id: string | undefined;
  readonly container: Container;
  readonly partitionKey: string | undefined;
}

/** @throws Refusal (400, 404, 409, 412, 413) */
export function serveItem(
  request: WireRequest,
  { kind, id, container, partitionKey }: ItemRequest,
  store: Store,
): Answer {
  if (partitionKey === undefined) {
    throw badRequest("PartitionKey value must be supplied for this operation.");
  }
  const body = kind === "read" || kind === "delete" ? undefined : jsonOf(request);
  const operation: ItemOperation = {
    kind,
    id: id ?? checkIdentity(objectOf(body), container, partitionKey),
    body: kind === "patch" || body === undefined ? undefined : objectOf(body),
    patch: kind === "patch" ? parsePatch(body) : undefined,
    ifMatch: request.headers["if-match"],
    ifNoneMatch: request.headers["if-none-match"],
  };
  const transacted = store.transact(container, partitionKey, [operation]);
  if (transacted.kind === "refused") throw transacted.refusal;
  const [outcome] = transacted.outcomes;
  if (outcome === undefined) throw new Error(`Cannot serve ${kind}: it has no outcome`);
  return itemAnswer(outcome, container, container.newest.lsn());
}

/** Serves a point read from what readers see now, which may lag behind. */
export function serveRead(
  request: WireRequest,
  { id, container, partitionKey }: ItemRequest,
  replica: Replica,
): Answer {
  if (partitionKey === undefined || id === undefined) {
    throw badRequest("PartitionKey value must be supplied for this operation.");
  }
  const operation: ItemOperation = {
    kind: "read",
    id,
    ifNoneMatch: request.headers["if-none-match"],
  };
  const outcome = applyItemOperation(operation, replica.find(partitionKey, id), {
    container,
    partitionKey,
    lsn: replica.lsn(),
    nowSeconds: 0,
    nextRid: () => 0,
  });
  return itemAnswer(outcome, container, replica.lsn());
}

/** @throws Refusal (400) */
export function jsonOf(request: WireRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    throw badRequest("The request payload is invalid: must be JSON");
  }
}

function objectOf(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw badRequest("The request payload is invalid: must be a JSON object");
}

function itemAnswer(outcome: ItemOutcome, container: Container, lsn: number): Answer {
  const { status, charge, item } = outcome;
  return answer({
    status,
    charge,
    body: status === 304 ? "" : (item?.text ?? ""),
    headers: { ...containerHeaders(container, lsn), ...itemHeaders(item) },
  });
}

function itemHeaders(item: StoredItem | undefined): Record<string, string> {
  if (item === undefined) return {};
  return { etag: item.etag, "x-ms-item-lsn": String(item.lsn) };
}
