import { isIPv4, isIPv6 } from "node:net";
import { bitsOf, IpBlock, maskedBlock, parseIp } from "../../cel/ip-address.ts";
import { withoutLeadingZeros } from "./ip-rules.ts";

/** Whether an address is written as Go's strict parser reads it, whatever its letters. */
export function isStandardAddress(value: string): boolean {
  return isIPv4(value) || (isIPv6(value) && canonicalAddress(value)?.includes(":") === true);
}

/**
 * The one way to write an address: "2001:db8::1" for "2001:DB8:0::1". One of IPv4 in IPv6 is that
 * of IPv4. Undefined for no address.
 */
export function canonicalAddress(value: string): string | undefined {
  const text = withoutLeadingZeros(value);
  if (isIPv4(text)) return text;
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const ipv4 = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical);
  if (ipv4 === null) return canonical;
  return [ipv4[1], ipv4[2]]
    .map((group) => Number.parseInt(group ?? "", 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
}

/** A block of addresses as it was written, and without what it does not say. */
export interface CanonicalBlock {
  /** "10.0.0.1" in "10.0.0.1/8" */
  readonly address: string;
  /** "10.0.0.0/8" */
  readonly block: string;
  /** "10.0.0.1/32" */
  readonly single: string;
  /** It has bits after its prefix, so it is either of both. */
  readonly isAmbiguous: boolean;
  readonly isStandard: boolean;
}

const bitsBeforeIpv4 = 96;

/** Undefined for what is no block of addresses. */
export function canonicalBlock(value: string): CanonicalBlock | undefined {
  const [given = "", length = "", ...more] = value.split("/");
  const address = canonicalAddress(given);
  const ip = parseIp(address ?? "");
  if (address === undefined || ip === undefined || more.length > 0) return undefined;
  if (!/^\d{1,4}$/.test(length)) return undefined;
  // Of an IPv4 address in IPv6 the prefix counts the bits before it too.
  const isIpv4InIpv6 = given.includes(":") && ip.family === 4;
  const prefix = Number(length) - (isIpv4InIpv6 ? bitsBeforeIpv4 : 0);
  if (prefix < 0 || prefix > bitsOf(ip.family)) return undefined;
  const masked = maskedBlock(new IpBlock(ip, prefix));
  return {
    address,
    block: String(masked),
    single: `${ip}/${bitsOf(ip.family)}`,
    isAmbiguous: !masked.address.equals(ip),
    isStandard: isStandardAddress(given) && !/^0\d/.test(length),
  };
}
