import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Fault } from "./faults.ts";
import { type Manners, mannersSchema } from "./manners.ts";
import type { Statistics } from "./statistics.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** Where a test asks for faults and manners, and reads statistics. */
export const adminPath = "/_hubless/";

/** What a test can ask of an endpoint, in its own process or in another. */
export interface Control {
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Replaces all manners: what is left out is switched off. */
  setManners(manners: Manners): Promise<void>;
  statistics(): Promise<Statistics>;
  resetStatistics(): Promise<void>;
}

const action = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("add-fault"), fault: z.custom<Fault>() }),
  z.strictObject({ action: z.literal("clear-faults") }),
  z.strictObject({ action: z.literal("set-manners"), manners: mannersSchema }),
  z.strictObject({ action: z.literal("statistics") }),
  z.strictObject({ action: z.literal("reset-statistics") }),
]);

export type AdminAction = z.input<typeof action>;

/** Serves `POST /_hubless/control` to whoever has the admin token, which is no Cosmos key. */
export async function serveAdmin(
  request: WireRequest,
  adminToken: string,
  control: Control,
): Promise<WireAnswer> {
  if (!isSame(request.headers["authorization"] ?? "", `Bearer ${adminToken}`)) {
    return json(401, { message: "Cannot control the endpoint: must have its admin token" });
  }
  const parsed = action.safeParse(parseJson(request.body));
  if (request.method !== "POST" || !parsed.success) {
    return json(400, {
      message: `Cannot control the endpoint: ${parsed.error?.message ?? "POST"}`,
    });
  }
  try {
    return json(200, (await carryOut(parsed.data, control)) ?? {});
  } catch (error) {
    if (error instanceof RangeError) return json(400, { message: error.message });
    throw error;
  }
}

async function carryOut(
  asked: z.output<typeof action>,
  control: Control,
): Promise<Statistics | undefined> {
  switch (asked.action) {
    case "add-fault":
      await control.addFault(asked.fault);
      return undefined;
    case "clear-faults":
      await control.clearFaults();
      return undefined;
    case "set-manners":
      await control.setManners(asked.manners);
      return undefined;
    case "statistics":
      return await control.statistics();
    case "reset-statistics":
      await control.resetStatistics();
      return undefined;
  }
}

function json(status: number, body: object): WireAnswer {
  return { status, headers: {}, body: JSON.stringify(body) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
