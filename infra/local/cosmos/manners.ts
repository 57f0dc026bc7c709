import { z } from "zod";
import type { RequestKind } from "./wire.ts";

const latencyMs = z.int().min(0).max(60_000);

/** The form of manners, also for the admin route. */
export const mannersSchema = z.strictObject({
  /** How long requests take, by kind, on top of what they take here. */
  latencyMs: z
    .strictObject({
      read: latencyMs.optional(),
      write: latencyMs.optional(),
      batch: latencyMs.optional(),
      query: latencyMs.optional(),
    })
    .optional(),
  /** The limit of each partition key; the service's is 10,000. None, when left out. */
  requestUnitsPerSecond: z.number().positive().optional(),
  /** How far reads lag behind writes; `{}` stops them where they are. Not at all, when left out. */
  staleReads: z
    .strictObject({
      behindMs: z.int().min(0).optional(),
      behindCommits: z.int().min(0).optional(),
    })
    .optional(),
});

/** Azure's manners that a laptop does not have by itself. `{}` is none of them. */
export type Manners = z.input<typeof mannersSchema>;

/** Metadata and plans are as quick as they are: they are read once and cost the product nothing. */
export function latencyOf({ latencyMs: latency }: Manners, kind: RequestKind): number {
  switch (kind) {
    case "metadata":
    case "query-plan":
      return 0;
    case "batch":
      return latency?.batch ?? 0;
    case "query":
      return latency?.query ?? 0;
    case "read":
    case "change-feed":
      return latency?.read ?? 0;
    case "create":
    case "replace":
    case "upsert":
    case "patch":
    case "delete":
      return latency?.write ?? 0;
  }
}
