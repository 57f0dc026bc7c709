import fastJsonPatch, { type Operation } from "fast-json-patch";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { isArray, isObject } from "../json.ts";
import { badRequest, StatusError } from "../status-error.ts";

/** As many as a kube-apiserver takes. */
const operationsMax = 10_000;

/** RFC 6902. Throws 400 for what is no patch and 422 for an operation that cannot be done. */
export function jsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!isArray(patch) || !patch.every((each) => isObject(each))) {
    throw badRequest("error decoding patch: must be a list of operations");
  }
  if (patch.length > operationsMax) {
    const message = `a JSON patch has at most ${operationsMax} operations, got ${patch.length}`;
    throw new StatusError(413, "RequestEntityTooLarge", message);
  }
  const operations = patch as unknown as readonly Operation[];
  let patched: Json;
  try {
    patched = fastJsonPatch.applyPatch<Json>(target, operations, true, false, true).newDocument;
  } catch (error) {
    const because = error instanceof Error ? error.message.split("\n")[0] : "";
    throw new StatusError(
      422,
      "Invalid",
      `the server rejected our request due to an error in our request: ${because}`,
    );
  }
  if (!isObject(patched)) throw badRequest("the patched object is not an object");
  return patched;
}
