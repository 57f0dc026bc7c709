import { gunzipSync, gzipSync } from "node:zlib";
import type { JsonObject } from "../../lib/kube-object.ts";
import { isObject } from "../json.ts";

/** Core's schemas have 1 MB; whoever says more than this of one group version is not believed. */
const schemasBytesMax = 16 * 1024 * 1024;

/** Schemas as they are kept: some megabytes of JSON are some hundred kilobytes so. */
export function packSchemas(schemas: JsonObject): Buffer {
  return gzipSync(JSON.stringify(schemas));
}

/** Empty for what cannot be read. */
export function unpackSchemas(packed: Uint8Array): JsonObject {
  try {
    const text = gunzipSync(packed, { maxOutputLength: schemasBytesMax }).toString("utf8");
    const schemas: unknown = JSON.parse(text);
    return isObject(schemas as JsonObject) ? (schemas as JsonObject) : {};
  } catch {
    return {};
  }
}
