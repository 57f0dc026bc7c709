import { z } from "zod";
import type { LocalAnswer, LocalRequest } from "../tls/https-server.ts";
import type { Faults } from "./faults.ts";

/** Below it are the routes that Azure does not have: faults, counters, speed. */
export const adminPath = "/_local/";

const match = z.strictObject({
  method: z.string().optional(),
  type: z.string().optional(),
  action: z.string().optional(),
  id: z.string().optional(),
});

const effect = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("answer"),
    status: z.int().min(400).max(599),
    code: z.string(),
    message: z.string().optional(),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal("lose-answer") }),
  z.strictObject({ kind: z.literal("lose-request") }),
  z.strictObject({ kind: z.literal("delay"), delayMilliseconds: z.int().min(0).max(60_000) }),
  z.strictObject({ kind: z.literal("fail-operation"), code: z.string(), message: z.string() }),
]);

const fault = z.strictObject({
  match: match.default({}),
  effect,
  times: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
});

const speedInput = z.strictObject({ speed: z.number().positive() });

export interface Admin {
  readonly faults: Faults;
  readonly stats: () => unknown;
  readonly setSpeed: (speed: number) => void;
}

/**
 * `GET /_local/stats`, `GET|POST|DELETE /_local/faults`, `DELETE /_local/faults/{id}`,
 * `PUT /_local/speed`. A POST answers the id of the fault.
 *
 *     POST /_local/faults
 *     { "match": { "method": "PUT" }, "effect": { "kind": "lose-answer" }, "times": 1 }
 */
export function serveAdmin(admin: Admin, request: LocalRequest): LocalAnswer {
  const [what, id] = request.url.pathname.slice(adminPath.length).split("/");
  switch (`${request.method} ${what}`) {
    case "GET stats":
      return json(200, admin.stats());
    case "GET faults":
      return json(200, admin.faults.list());
    case "POST faults":
      return withBody(request, fault, (wanted) => ({ id: admin.faults.add(defined(wanted)) }));
    case "DELETE faults":
      if (id === undefined) admin.faults.clear();
      else admin.faults.remove(Number(id));
      return { status: 204 };
    case "PUT speed":
      return withBody(request, speedInput, ({ speed }) => {
        admin.setSpeed(speed);
        return { speed };
      });
    default:
      return json(404, { error: { code: "NotFound", message: `No route ${what}` } });
  }
}

function withBody<Shape extends z.ZodType>(
  { body }: LocalRequest,
  shape: Shape,
  serve: (input: z.infer<Shape>) => unknown,
): LocalAnswer {
  const parsed = shape.safeParse(parseJson(body));
  if (parsed.success) return json(200, serve(parsed.data));
  return json(400, { error: { code: "InvalidRequestContent", message: parsed.error.message } });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Without the properties that zod leaves undefined. */
function defined<Input>(input: Input): Defined<Input> {
  return JSON.parse(JSON.stringify(input)) as Defined<Input>;
}

type Defined<Input> = Input extends object
  ? { [Key in keyof Input]: Defined<Exclude<Input[Key], undefined>> }
  : Input;

function json(status: number, body: unknown): LocalAnswer {
  return { status, body: JSON.stringify(body) };
}
