import { badRequest, notSupported, Refusal } from "./refusal.ts";
import type { WireRequest } from "./wire.ts";

/** The service's limit. */
const keyBytesMax = 2_048;

/**
 * The partition key that a request names, as the JSON array of its header in canonical form;
 * undefined when the request is about all partitions.
 *
 * @throws Refusal (400) for a key that is not one string; (410) for an unknown physical partition.
 */
export function partitionKeyOf({ headers }: WireRequest): string | undefined {
  const header = headers["x-ms-documentdb-partitionkey"];
  if (header !== undefined) return canonicalKey(header);
  const range = headers["x-ms-documentdb-partitionkeyrangeid"];
  if (range !== undefined && range !== "0") {
    const message = "The requested resource is no longer available at the server.";
    throw new Refusal(410, "Gone", message, { substatus: 1_002 });
  }
  if (headers["x-ms-start-epk"] !== undefined) throw notSupported("a part of a physical partition");
  return undefined;
}

/** @throws Refusal (400) */
export function canonicalKey(text: string): string {
  const values = parsed(text);
  if (!Array.isArray(values) || values.length !== 1) {
    throw badRequest(
      "Partition key provided either doesn't correspond to definition in the collection or " +
        "doesn't match partition key field values specified in the document.",
      1_001,
    );
  }
  const [value] = values as unknown[];
  if (typeof value !== "string") throw notSupported("a partition key that is not a string");
  if (Buffer.byteLength(value) > keyBytesMax) {
    throw badRequest(`Partition key value exceeds ${keyBytesMax} bytes.`);
  }
  return JSON.stringify([value]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
