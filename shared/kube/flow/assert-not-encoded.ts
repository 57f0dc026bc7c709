import { StatusError } from "../status-error.ts";

/**
 * Throws 415 for a body that is packed: a kube-apiserver unpacks none, and what a small one holds
 * has no bound.
 */
export function assertNotEncoded({ headers }: Request): void {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return;
  const shown = JSON.stringify(encoding.slice(0, 64));
  throw new StatusError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - content encoding ${shown} is not accepted`,
  );
}
