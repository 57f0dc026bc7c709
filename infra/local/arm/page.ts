import { badRequest } from "./arm-error.ts";
import type { Cloud } from "./cloud.ts";
import type { ArmAnswer, ArmRequest } from "./request.ts";

/** One page of a list, with an absolute `nextLink` while there is more. */
export function page(cloud: Cloud, request: ArmRequest, items: readonly unknown[]): ArmAnswer {
  const start = Number(request.url.searchParams.get("$skipToken") ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw badRequest("InvalidSkipToken", "Cannot list: $skipToken must come from a nextLink");
  }
  const end = start + cloud.pageSize;
  const value = items.slice(start, end);
  if (end >= items.length) return { status: 200, body: { value } };
  const next = new URL(request.url.pathname, cloud.url());
  next.searchParams.set("api-version", request.apiVersion);
  next.searchParams.set("$skipToken", String(end));
  return { status: 200, body: { value, nextLink: next.href } };
}
