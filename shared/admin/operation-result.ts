/**
 * Where a caller learns that a removal has ended. Nothing is remembered for it: the id says which
 * document must be gone.
 */
import { z } from "zod";
import { type Document, type FleetId, type Key, keyOf } from "../lib/document.ts";
import { ArmError } from "./arm-error.ts";
import { provider } from "./arm-path.ts";

/** Seconds between two questions. */
export const pollSeconds = 1;

const shape = z.tuple([z.string(), z.string(), z.string(), z.string()]);

export interface Removed {
  readonly key: Key;
  readonly uid: string;
}

export function operationResultUrl(
  { publicUrl, location }: { readonly publicUrl: string; readonly location: string },
  { key, uid }: Document,
  apiVersion: string,
): string {
  const [, , subscriptionId = ""] = key.fleet.split("/");
  const text = JSON.stringify([key.fleet, key.kind, key.name, uid]);
  const id = Buffer.from(text, "utf8").toString("base64url");
  const path = `/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}`;
  return `${publicUrl}${path}/operationResults/${id}?api-version=${apiVersion}`;
}

/** Throws 404 for what is not an id of ours, or of another subscription. */
export function parseOperationResult(subscriptionId: string, id: string): Removed {
  const parsed = shape.safeParse(readJson(Buffer.from(id, "base64url").toString("utf8")));
  const prefix = `/subscriptions/${subscriptionId}/`.toLowerCase();
  if (!parsed.success || !parsed.data[0].startsWith(prefix)) {
    throw new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`);
  }
  const [fleet, kind, name, uid] = parsed.data;
  return { key: keyOf(kind, fleet as FleetId, name), uid };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
