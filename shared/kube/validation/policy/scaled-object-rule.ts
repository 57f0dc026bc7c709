import { nameErrors } from "../../object/name-rules.ts";
import { type Rule, required, struct, text } from "../rule.ts";

/** A text that can be a part of a path. */
export const pathSegment = text((value) => nameErrors("path-segment", value));

/** What an autoscaler scales, or looks at: `{ kind: Deployment, name: web }`. */
export const scaledObjectRule: Rule = struct({
  kind: required(pathSegment),
  name: required(pathSegment),
});
