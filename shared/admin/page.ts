import { ArmError } from "./arm-error.ts";

const skipTokenMax = 4_000;

export interface PageWanted {
  /** How many at most; the resource's own limit when left out. */
  readonly top?: number;
  /** Where it begins: the store's own mark. */
  readonly after?: string;
}

/** `$top` and `$skipToken`, as lists take them from 2026-02-01 on. */
export function pageWanted({ searchParams }: URL): PageWanted {
  const top = searchParams.get("$top");
  const skipToken = searchParams.get("$skipToken");
  if (top !== null && !/^[1-9]\d{0,3}$/.test(top)) {
    throw invalidQuery(`Cannot read $top "${top}": must be a number from 1 to 9999`);
  }
  if (skipToken !== null && skipToken.length > skipTokenMax) {
    throw invalidQuery("Cannot read $skipToken: must come from a nextLink");
  }
  return {
    ...(top !== null && { top: Number(top) }),
    ...(skipToken !== null && { after: decodeMark(skipToken) }),
  };
}

const invalidQuery = (message: string) => new ArmError(400, "InvalidQueryParameterValue", message);

/** An absolute URL: clients send it as it is. */
export function nextLink(publicUrl: string, url: URL, mark: string): string {
  const next = new URL(`${publicUrl}${url.pathname}`);
  for (const name of ["api-version", "$top", "$filter"]) {
    const value = url.searchParams.get(name);
    if (value !== null) next.searchParams.set(name, value);
  }
  next.searchParams.set("$skipToken", Buffer.from(mark, "utf8").toString("base64url"));
  return next.href;
}

const decodeMark = (token: string) => Buffer.from(token, "base64url").toString("utf8");
