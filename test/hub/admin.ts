import type { Caller } from "../../shared/effects/callers.ts";

/** Who may do everything in each fleet. */
export const admin: Caller = {
  objectId: "11111111-1111-1111-1111-111111111111",
  name: "ann@contoso.com",
  groups: [],
  roles: ["Hubless.Admin"],
  kind: "user",
};
