import { nameErrors } from "../../object/name-rules.ts";
import { each, fields, type Rule } from "../rule.ts";
import { anyText, orEmpty } from "../zero-values.ts";
import { legacyIpAddress } from "./legacy-ip-address.ts";

/**
 * What is added to the hosts file of a pod: "spec.hostAliases".
 *
 * @see https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
 */
export const hostAliasesRule: Rule = each(
  fields({
    ip: orEmpty(legacyIpAddress),
    hostnames: each(anyText((value) => nameErrors("dns-subdomain", value))),
  }),
);
