import { ArmError } from "./arm-error.ts";
import type { ArmRequest } from "./request.ts";

/**
 * Checks `If-Match` and `If-None-Match` against what is there. A tag may come with or without its
 * quotes and `W/`: AKS shows it bare, the network provider as a weak tag.
 *
 * @throws ArmError 412 `PreconditionFailed`
 */
export function checkPreconditions(request: ArmRequest, etag: string | undefined): void {
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
  if (ifMatch !== undefined && !matches(ifMatch, etag)) throw failed("If-Match", ifMatch);
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) {
    throw failed("If-None-Match", ifNoneMatch);
  }
}

function matches(condition: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  const tags = condition.split(",").map((tag) => bare(tag.trim()));
  return tags.includes("*") || tags.includes(bare(etag));
}

function bare(tag: string): string {
  return tag.replace(/^W\//, "").replaceAll('"', "");
}

function failed(header: string, condition: string): ArmError {
  return new ArmError(412, {
    code: "PreconditionFailed",
    message:
      `The condition '${condition}' in the HTTP conditional header '${header}' was not met. ` +
      "Read the resource again and retry with its current etag.",
    target: header,
  });
}
