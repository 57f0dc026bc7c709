import { randomUUID } from "node:crypto";
import type { Container } from "./container.ts";
import { bodyOf, rememberBody, type StoredItem } from "./item.ts";
import { applyPatch, type PatchBody } from "./patch.ts";
import {
  badRequest,
  conflict,
  itemNotFound,
  notSupported,
  preconditionFailed,
  tooLarge,
} from "./refusal.ts";
import { charges, insertCharge, readCharge, replaceCharge } from "./request-units.ts";
import { evaluateCondition } from "./sql/condition.ts";
import { isObject, type JsonObject } from "./wire.ts";

/** The service's limits. */
export const itemBytesMax = 2 * 1024 * 1024;
const idBytesMax = 1_023;
const ttlSecondsMax = 2_147_483_647;

/** One operation on one item, alone or in a batch. */
export interface ItemOperation {
  readonly kind: "read" | "create" | "replace" | "upsert" | "patch" | "delete";
  readonly id: string;
  readonly body?: JsonObject | undefined;
  readonly patch?: PatchBody | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ItemOutcome {
  readonly status: 200 | 201 | 204 | 304;
  readonly charge: number;
  /** The item after the operation; for a delete, nothing. */
  readonly item: StoredItem | undefined;
}

/** What a write takes from its surroundings. */
export interface WriteContext {
  readonly container: Container;
  readonly partitionKey: string;
  readonly lsn: number;
  readonly nowSeconds: number;
  nextRid(): number;
}

/**
 * Decides one operation on the current version of its item. It changes nothing: the outcome holds
 * the new version, which the caller commits.
 *
 * @throws Refusal with 400, 404, 409, 412 or 413.
 */
export function applyItemOperation(
  operation: ItemOperation,
  current: StoredItem | undefined,
  context: WriteContext,
): ItemOutcome {
  const { kind } = operation;
  if (kind === "create") return create(operation, current, context);
  if (kind === "upsert" && current === undefined) {
    // Whether the service creates or refuses here is not documented.
    if (operation.ifMatch !== undefined) throw notSupported("If-Match on an upsert that creates");
    return create(operation, current, context);
  }
  if (current === undefined) throw itemNotFound(charges.miss);
  if (kind === "read") return read(operation, current);
  checkPreconditions(operation, current);
  if (kind === "delete") {
    const terms = context.container.policy.terms(bodyOf(current));
    return { status: 204, charge: insertCharge(current.bytes, terms), item: undefined };
  }
  return replace(operation, current, context);
}

/** @throws Refusal (400) unless the body has a usable id and the header's partition key. */
export function checkIdentity(
  body: JsonObject,
  container: Container,
  partitionKey: string,
): string {
  const { id } = body;
  if (typeof id !== "string" || id === "") {
    throw badRequest(
      "The input content is invalid because the required properties - 'id; ' - are missing",
    );
  }
  if (/[/\\?#]/.test(id) || id.endsWith(" ") || Buffer.byteLength(id) > idBytesMax) {
    throw badRequest(`Id '${id.slice(0, 100)}' contains illegal chars or is too long.`);
  }
  if (JSON.stringify([body[container.partitionKeyName]]) !== partitionKey) {
    throw badRequest(
      "PartitionKey extracted from document doesn't match the one specified in the header. " +
        "Learn more: https://aka.ms/CosmosDB/sql/errors/wrong-pk-value",
      1001,
    );
  }
  return id;
}

function read(operation: ItemOperation, current: StoredItem): ItemOutcome {
  const known = operation.ifNoneMatch;
  if (known === "*" || known === current.etag) {
    return { status: 304, charge: charges.notModified, item: current };
  }
  return { status: 200, charge: readCharge(current.bytes), item: current };
}

function create(
  operation: ItemOperation,
  current: StoredItem | undefined,
  context: WriteContext,
): ItemOutcome {
  if (current !== undefined) {
    const message = "Entity with the specified id already exists in the system.";
    throw conflict(message, charges.conflict);
  }
  const body = bodyFor(operation, context);
  const item = newVersion(body, undefined, context);
  const charge = insertCharge(item.bytes, context.container.policy.terms(body));
  return { status: 201, charge, item };
}

function replace(
  operation: ItemOperation,
  current: StoredItem,
  context: WriteContext,
): ItemOutcome {
  const { policy } = context.container;
  const body =
    operation.patch === undefined
      ? bodyFor(operation, context)
      : patched(operation.patch, current, context);
  const item = newVersion(body, current, context);
  const charge = replaceCharge({
    bytesBefore: current.bytes,
    bytesAfter: item.bytes,
    termsBefore: policy.terms(bodyOf(current)),
    termsAfter: policy.terms(body),
    patchOperations: operation.patch?.operations.length ?? 0,
  });
  return { status: 200, charge, item };
}

function patched(patch: PatchBody, current: StoredItem, context: WriteContext): JsonObject {
  const body = bodyOf(current);
  if (patch.condition !== undefined && !evaluateCondition(patch.condition, body)) {
    throw preconditionFailed(
      "Condition specified in the patch request is not satisfied.",
      charges.conflict,
    );
  }
  return applyPatch(body, patch.operations, context.container.partitionKeyName);
}

function bodyFor({ body, id }: ItemOperation, context: WriteContext): JsonObject {
  if (!isObject(body)) throw badRequest("The request payload is invalid.");
  if (checkIdentity(body, context.container, context.partitionKey) !== id) {
    throw badRequest(`Cannot replace item "${id}": its id must stay the same`);
  }
  return body;
}

function checkPreconditions({ ifMatch, ifNoneMatch }: ItemOperation, current: StoredItem): void {
  const differs = ifMatch !== undefined && ifMatch !== "*" && ifMatch !== current.etag;
  const matches = ifNoneMatch === "*" || ifNoneMatch === current.etag;
  if (!differs && !matches) return;
  throw preconditionFailed(
    "Operation cannot be performed because one of the specified precondition is not met.",
    charges.conflict,
  );
}

function newVersion(
  body: JsonObject,
  current: StoredItem | undefined,
  context: WriteContext,
): StoredItem {
  const { container, partitionKey, lsn, nowSeconds } = context;
  const { _rid, _self, _etag, _attachments, _ts, _lsn, ...own } = body;
  const ownText = JSON.stringify(own);
  // The limit is on what the user sent, not on the system properties that come on top.
  if (ownText.length > itemBytesMax || Buffer.byteLength(ownText) > itemBytesMax) throw tooLarge();
  const rid = current?.rid ?? context.nextRid();
  const etag = `"${randomUUID()}"`;
  const system = systemProperties(container, rid, { etag, nowSeconds });
  const text = `${ownText.slice(0, -1)},${JSON.stringify(system).slice(1)}`;
  const version: StoredItem = {
    rid,
    id: own["id"] as string,
    partitionKey,
    lsn,
    writtenAtSeconds: nowSeconds,
    expiresAtSeconds: expiryOf(body, container.definition.defaultTtl, nowSeconds),
    etag,
    text,
    bytes: Buffer.byteLength(text),
  };
  return rememberBody(version, { ...own, ...system });
}

function systemProperties(
  container: Container,
  number: number,
  { etag, nowSeconds }: { readonly etag: string; readonly nowSeconds: number },
): JsonObject {
  const rid = documentRid(container.definition._rid, number);
  return {
    _rid: rid,
    _self: `${container.definition._self}docs/${rid}/`,
    _etag: etag,
    _attachments: "attachments/",
    _ts: nowSeconds,
  };
}

function documentRid(containerRid: string, rid: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(rid));
  return Buffer.concat([Buffer.from(containerRid.replaceAll("-", "/"), "base64"), bytes])
    .toString("base64")
    .replaceAll("/", "-");
}

/** An item's own `ttl` counts only in a container that has time to live switched on. */
function expiryOf(
  body: JsonObject,
  defaultTtl: number | undefined,
  nowSeconds: number,
): number | undefined {
  if (defaultTtl === undefined) return undefined;
  const ttl = body["ttl"] ?? defaultTtl;
  if (ttl === -1) return undefined;
  const valid = typeof ttl === "number" && Number.isInteger(ttl) && ttl > 0;
  if (valid && ttl <= ttlSecondsMax) return nowSeconds + ttl;
  throw badRequest(
    `The input ttl '${JSON.stringify(ttl)}' is invalid. Ensure to provide a nonzero positive ` +
      `integer less than or equal to '${ttlSecondsMax}', or, -1.`,
  );
}
