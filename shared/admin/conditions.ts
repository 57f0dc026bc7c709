import type { Document } from "../lib/document.ts";
import { ArmError } from "./arm-error.ts";

/** The `eTag` of a resource, its quotes included, as ARM shows it in the body. */
export const etagOf = ({ revision, uid }: Document): string =>
  `"${uid.slice(0, 8)}-${revision.toString(16).padStart(8, "0")}"`;

/** Throws 412 unless `If-Match` and `If-None-Match` hold for what is there. */
export function checkConditions(headers: Headers, document: Document | undefined): void {
  const ifMatch = headers.get("if-match");
  const ifNoneMatch = headers.get("if-none-match");
  if (ifMatch !== null && !isMet(ifMatch, document)) throw failed("If-Match", ifMatch);
  if (ifNoneMatch !== null && isMet(ifNoneMatch, document)) {
    throw failed("If-None-Match", ifNoneMatch);
  }
}

function isMet(condition: string, document: Document | undefined): boolean {
  if (document === undefined) return false;
  const tags = condition.split(",").map((tag) => bare(tag.trim()));
  return tags.includes("*") || tags.includes(bare(etagOf(document)));
}

const bare = (tag: string) => tag.replace(/^W\//, "").replaceAll('"', "");

const failed = (header: string, condition: string) =>
  new ArmError(
    412,
    "PreconditionFailed",
    `The condition '${condition}' in the HTTP conditional header '${header}' was not met.`,
  );
