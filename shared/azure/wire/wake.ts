import { z } from "zod";
import type { Wake } from "../../effects/wakes.ts";
import type { FleetId } from "../../lib/document.ts";

/**
 * A wake as a queue message: `{"fleet":"/subscriptions/…","kind":"…","name":"aks-1","atLeast":7}`.
 * It names a document and never carries a fact about it.
 */
const wakeMessage = z.object({
  fleet: z.string(),
  kind: z.string().min(1),
  namespace: z.string().optional(),
  name: z.string().min(1),
  atLeast: z.number().int().nonnegative().optional(),
});

export function formatWake({ key, atLeast }: Wake): string {
  return JSON.stringify({ ...key, ...(atLeast !== undefined && { atLeast }) });
}

/** Takes what the queue trigger hands over: the message's text, or the JSON parsed from it. */
export function parseWake(message: unknown): Wake {
  const json: unknown = typeof message === "string" ? JSON.parse(message) : message;
  const { fleet, kind, namespace, name, atLeast } = wakeMessage.parse(json);
  return {
    key: { fleet: fleet as FleetId, kind, ...(namespace !== undefined && { namespace }), name },
    ...(atLeast !== undefined && { atLeast }),
  };
}
