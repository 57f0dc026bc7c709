import { z } from "zod";
import type { LocalAnswer, LocalRequest } from "../tls/https-server.ts";
import type { DeadLetter } from "./dead-letters.ts";
import type { DeliveryFaults, FaultSwitch } from "./faults.ts";

/** Below it are the routes that Azure does not have. */
export const adminPath = "/_local/";

const faultsShape = z.strictObject({
  copies: z.int().min(1).max(100).optional(),
  shuffleMs: z.number().min(0).max(600_000).optional(),
  drop: z.boolean().optional(),
  eventTypes: z.array(z.string()).max(100).optional(),
});

export interface Admin {
  readonly faults: FaultSwitch;
  readonly stats: () => unknown;
  readonly deadLetters: () => readonly DeadLetter[];
}

/**
 * `GET /_local/stats`, `GET /_local/dead-letters`, `GET|PATCH|DELETE /_local/faults`.
 *
 *     PATCH /_local/faults  { "copies": 3, "shuffleMs": 500 }
 */
export function serveAdmin(
  { faults, stats, deadLetters }: Admin,
  request: LocalRequest,
): LocalAnswer {
  const what = request.url.pathname.slice(adminPath.length);
  switch (`${request.method} ${what}`) {
    case "GET stats":
      return json(200, stats());
    case "GET dead-letters":
      return json(200, deadLetters());
    case "GET faults":
      return json(200, faults.current());
    case "PATCH faults":
      return setFaults(faults, request);
    case "DELETE faults":
      faults.clear();
      return json(200, faults.current());
    default:
      return json(404, { error: { code: "NotFound", message: `No route ${what}` } });
  }
}

function setFaults(faults: FaultSwitch, { body }: LocalRequest): LocalAnswer {
  const parsed = faultsShape.safeParse(parseJson(body));
  if (!parsed.success) {
    return json(400, { error: { code: "BadRequest", message: z.prettifyError(parsed.error) } });
  }
  const named = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  faults.set(Object.fromEntries(named) as Partial<DeliveryFaults>);
  return json(200, faults.current());
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function json(status: number, body: unknown): LocalAnswer {
  return { status, body: JSON.stringify(body) };
}
