import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import type { AdminFace } from "./served-resource.ts";

/** One request to the ARM face, once it is known who asks and for which api-version. */
export interface AdminRequest {
  readonly request: Request;
  readonly url: URL;
  readonly apiVersion: string;
  readonly caller: Caller;
  readonly effects: Effects;
  readonly face: AdminFace;
}
