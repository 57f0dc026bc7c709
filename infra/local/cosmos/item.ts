import type { JsonObject } from "./wire.ts";

/** One version of an item, as stored and as sent. A new version is a new object. */
export interface StoredItem {
  /** Grows over the life of the endpoint and stays with the item: the order of plain queries. */
  readonly rid: number;
  readonly id: string;
  /** The partition key as the JSON array that headers carry: `["fleet-a"]`. */
  readonly partitionKey: string;
  /** The container's log sequence number of the write; items of one batch share it. */
  readonly lsn: number;
  readonly writtenAtSeconds: number;
  readonly expiresAtSeconds: number | undefined;
  /** With its quotes. */
  readonly etag: string;
  /** The whole item in JSON, system properties included. */
  readonly text: string;
  readonly bytes: number;
}

const bodies = new WeakMap<StoredItem, JsonObject>();

/** The item parsed; remembered, since each index and each filter asks for it. */
export function bodyOf(item: StoredItem): JsonObject {
  let body = bodies.get(item);
  if (body === undefined) {
    body = JSON.parse(item.text) as JsonObject;
    bodies.set(item, body);
  }
  return body;
}

/** Spares the parse of an item whose body the writer holds anyway. */
export function rememberBody(item: StoredItem, body: JsonObject): StoredItem {
  bodies.set(item, body);
  return item;
}
