import { createHash } from "node:crypto";
import { z } from "zod";
import { badRequest } from "../refusal.ts";
import type { Place } from "./candidates.ts";
import { isScalar, type Value } from "./values.ts";

/** Where the next page of a query starts. */
export interface Continuation {
  readonly partitionKey: string;
  readonly after: Place;
  /** How many rows OFFSET still passes over, and how many the pages so far returned. */
  readonly skip: number;
  readonly taken: number;
}

const token = z.strictObject({
  query: z.string(),
  partitionKey: z.string(),
  /** Each value as a list of one, or of none where it is undefined. */
  values: z.array(z.array(z.unknown()).max(1)),
  rid: z.number(),
  skip: z.number(),
  taken: z.number(),
});

/** A token is bound to its container and query: `query` names both, with the parameters. */
export function formatContinuation(query: string, continuation: Continuation): string {
  const { partitionKey, after, skip, taken } = continuation;
  const values = after.values.map((value) => (value === undefined ? [] : [comparable(value)]));
  const fields = { query: digest(query), partitionKey, values, rid: after.rid, skip, taken };
  return Buffer.from(JSON.stringify(fields)).toString("base64");
}

/** @throws Refusal (400) for a token of another query or of no query at all. */
export function parseContinuation(query: string, text: string): Continuation {
  const fields = token.safeParse(decoded(text));
  if (!fields.success || fields.data.query !== digest(query)) {
    throw badRequest("Invalid Continuation Token");
  }
  const { partitionKey, values, rid, skip, taken } = fields.data;
  const after = { values: values.map(([value]) => value as Value), rid };
  return { partitionKey, after, skip, taken };
}

/** Arrays and objects all compare alike, so an empty one stands for each. */
function comparable(value: Value): Value {
  if (isScalar(value)) return value;
  return Array.isArray(value) ? [] : {};
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64").toString());
  } catch {
    return undefined;
  }
}

function digest(query: string): string {
  return createHash("sha256").update(query).digest("base64url").slice(0, 16);
}
