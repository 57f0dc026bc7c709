import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { isArray, isObject } from "../json.ts";
import { badRequest, StatusError } from "../status-error.ts";
import { applyOperation } from "./json-patch-operation.ts";

/** As many as a kube-apiserver takes. */
const operationsMax = 10_000;
/** All that copy operations copy together, so that a small patch makes no huge object. */
const copiedBytesMax = 3 * 1024 * 1024;
/** As deep as a body may be. */
const depthMax = 100;

/**
 * RFC 6902. Throws 400 for what is no patch, 413 for too many operations and 422 for an operation
 * that cannot be done; which one it was is not said, as a kube-apiserver does not.
 */
export function jsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!isArray(patch) || !patch.every((each) => isObject(each))) {
    throw badRequest("error decoding patch: must be a list of operations");
  }
  if (patch.length > operationsMax) {
    throw new StatusError(
      413,
      "RequestEntityTooLarge",
      "Request entity too large: The allowed maximum operations in a JSON patch is " +
        `${operationsMax}, got ${patch.length}`,
    );
  }
  const document = structuredClone(target);
  let copiedBytes = 0;
  for (const operation of patch) {
    const copied = applyOperation(document, operation);
    copiedBytes += copied ?? 0;
    if (copied === undefined || copiedBytes > copiedBytesMax) throw unprocessable();
  }
  if (isDeeperThan(document, depthMax)) throw unprocessable();
  return document;
}

function isDeeperThan(value: Json | undefined, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}

function unprocessable(): StatusError {
  const message = "the server rejected our request due to an error in our request";
  return new StatusError(422, "Invalid", message, {});
}
