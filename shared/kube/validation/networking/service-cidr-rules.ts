import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { immutable, type ObjectRule } from "../rule.ts";
import { canonicalBlock } from "./canonical-address.ts";
import { isDualStack } from "./ip-rules.ts";

const field = "spec.cidrs";

/** A block of addresses as new fields take it: in its one way to be written. */
function blockErrors(value: string, path: string): readonly FieldError[] {
  const because = blockError(value);
  return because === undefined ? [] : [invalidValue(path, value, because)];
}

function blockError(value: string): string | undefined {
  const canonical = canonicalBlock(value);
  if (canonical === undefined) {
    return "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  }
  const isIpv4InIpv6 = value.includes(":") && !canonical.address.includes(":");
  if (isIpv4InIpv6) return "must not have an IPv4-mapped IPv6 address";
  if (!canonical.isStandard) return "must not have leading 0s in IP or prefix length";
  if (canonical.isAmbiguous) return "must not have bits set beyond the prefix length";
  const wanted = JSON.stringify(canonical.block);
  return value === canonical.block ? undefined : `must be in canonical form (${wanted})`;
}

function contentErrors(object: KubeObject): readonly FieldError[] {
  const given = arrayOf(at(object, "spec", "cidrs"));
  const blocks = given.filter(isString);
  if (given.length === 0) return [requiredValue(field, "at least one CIDR required")];
  const wrong = (because: string): readonly FieldError[] => [
    invalidValue(field, { CIDRs: given }, because),
  ];
  if (given.length > 2) return wrong("may only hold up to 2 values");
  if (given.length === 2 && blocks.length === 2 && !isDualStack(blocks)) {
    const example = "192.168.0.0/24 and 2001:db8::/64";
    return wrong(`may specify no more than one IP for each IP family, i.e ${example}`);
  }
  return errorsOfItems(blocks, (block, index) => blockErrors(block, `${field}[${index}]`));
}

const fixed = immutable("spec", "cidrs");

/**
 * A `networking.k8s.io/v1 ServiceCIDR`: the addresses that Services get, one block of each family.
 * They stay as they are.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-cidr-v1/
 */
export const serviceCidrRules: ObjectRule = (object, before) =>
  before === undefined ? contentErrors(object) : fixed(object, before);
