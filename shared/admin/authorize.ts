import type { Caller } from "../effects/callers.ts";
import { mayAdminister, mayRead, mayWrite } from "../lib/roles.ts";
import { ArmError } from "./arm-error.ts";

export type Permission = "reader" | "writer" | "administrator";

const checks = { reader: mayRead, writer: mayWrite, administrator: mayAdminister } as const;

/** Throws 403 unless the caller's app roles allow it; `action` is as ARM names it. */
export function authorize(caller: Caller, needed: Permission, action: string): void {
  if (checks[needed](caller)) return;
  const message =
    `The client '${caller.name}' with object id '${caller.objectId}' does not have ` +
    `authorization to perform action '${action}': needs an app role for ${needed}s.`;
  throw new ArmError(403, "AuthorizationFailed", message);
}
