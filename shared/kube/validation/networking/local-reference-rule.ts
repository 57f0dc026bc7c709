import { nameErrors } from "../../object/name-rules.ts";
import { fields, type Rule, required } from "../rule.ts";
import { pathSegment } from "../text-rules.ts";
import { anyText } from "../zero-values.ts";

/** An object that is named by its group, kind and name: a core/v1 TypedLocalObjectReference. */
export const localReferenceRule: Rule = fields({
  apiGroup: anyText((value) => nameErrors("dns-subdomain", value)),
  kind: required(pathSegment, "kind is required"),
  name: required(pathSegment, "name is required"),
});
