import { objectOf } from "../../kube/json.ts";
import type { Manifest } from "../../rollout/model.ts";

/** Shorter values are left: what a message quotes of them tells nothing more than it must. */
const charactersMin = 4;

/**
 * A member's message about an object, which statuses show and documents keep, without the values of
 * a Secret: an admission webhook may quote what it refuses.
 */
export function withoutValues(message: string, manifest: Manifest): string {
  if (manifest.apiVersion !== "v1" || manifest.kind !== "Secret") return message;
  const { data, stringData } = manifest;
  const encoded = Object.values(objectOf(data)).map(String);
  const decoded = encoded.map((each) => Buffer.from(each, "base64").toString("utf8"));
  return [...encoded, ...decoded, ...Object.values(objectOf(stringData)).map(String)]
    .filter((value) => value.length >= charactersMin)
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, value) => text.replaceAll(value, () => "[redacted]"), message);
}
