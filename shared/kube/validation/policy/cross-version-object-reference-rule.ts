import { type Rule, required, struct } from "../rule.ts";
import { pathSegment } from "../text-rules.ts";

/**
 * What an autoscaler scales, or looks at, an autoscaling/v2 CrossVersionObjectReference:
 * `{ kind: Deployment, name: web }`.
 */
export const crossVersionObjectReferenceRule: Rule = struct({
  kind: required(pathSegment),
  name: required(pathSegment),
});
