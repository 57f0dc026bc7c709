/**
 * Addresses and blocks of addresses, as Kubernetes' older fields take them: an IPv4 address may
 * have leading zeros (`010.0.0.1` is 10.0.0.1), and an IPv4 address in IPv6 (`::ffff:10.0.0.1`) is
 * that IPv4 address.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { all, type Rule } from "../rule.ts";
import { anyText } from "../zero-values.ts";

/** What an address is, and how it was written: an IPv4 address can have either notation. */
interface Ip {
  readonly family: 4 | 6;
  readonly notation: "ipv4" | "ipv6";
  readonly text: string;
}

interface Block {
  readonly ip: Ip;
  readonly prefix: number;
}

type Subnet = readonly [network: string, prefix: number];

const unspecified: readonly Subnet[] = [
  ["0.0.0.0", 32],
  ["::", 128],
];
const loopback: readonly Subnet[] = [
  ["127.0.0.0", 8],
  ["::1", 128],
];
const linkLocal: readonly Subnet[] = [
  ["169.254.0.0", 16],
  ["fe80::", 10],
];
const linkLocalMulticast: readonly Subnet[] = [
  ["224.0.0.0", 24],
  ["ff02::", 16],
];

const ipv4InIpv6 = blocks([["::ffff:0:0", 96]]);
const special = blocks([...unspecified, ...loopback, ...linkLocal, ...linkLocalMulticast]);
const specialKinds: readonly (readonly [BlockList, because: (ip: string) => string])[] = [
  [blocks(unspecified), (ip) => `may not be unspecified (${ip})`],
  [blocks(loopback), () => "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  [blocks(linkLocal), () => "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  [
    blocks(linkLocalMulticast),
    () => "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
  ],
];

function blocks(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) {
    list.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
  }
  return list;
}

/** Undefined for what is no address. */
export function ipFamilyOf(text: string): 4 | 6 | undefined {
  return readIp(text)?.family;
}

function readIp(value: string): Ip | undefined {
  const text = withoutLeadingZeros(value);
  if (isIPv4(text)) return { family: 4, notation: "ipv4", text };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  return { family: ipv4InIpv6.check(text, "ipv6") ? 4 : 6, notation: "ipv6", text };
}

/** Only the part in IPv4's notation has leading zeros that count for nothing. */
export function withoutLeadingZeros(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const parts = text.slice(start).split(".");
  if (parts.length === 1) return text;
  return text.slice(0, start) + parts.map((part) => part.replace(/^0+(?=[0-9])/, "")).join(".");
}

function readBlock(text: string): Block | undefined {
  const [address = "", length = "", ...more] = text.split("/");
  const ip = readIp(address);
  if (ip === undefined || more.length > 0 || !/^[0-9]+$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= (ip.notation === "ipv4" ? 32 : 128) ? { ip, prefix } : undefined;
}

/** An address: `must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`. */
export const ipRule: Rule = anyText((value) =>
  readIp(value) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
);

/** A block: `must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`. */
export const cidrRule: Rule = anyText((value) =>
  isBlock(value) ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
);

export function isBlock(text: string): boolean {
  return readBlock(text) !== undefined;
}

/** Two blocks, one of each family, as clusters of both have them. */
export function isDualStack(blocks: readonly string[]): boolean {
  const families = blocks.map((block) => readBlock(block)?.ip.family);
  return families.length === 2 && families.includes(4) && families.includes(6);
}

/** Says of blocks whether they are smaller parts of this one; no text that is no block is one. */
export function strictSubsetOf(block: string): (part: string) => boolean {
  const outer = readBlock(block);
  if (outer === undefined) return () => false;
  const list = new BlockList();
  list.addSubnet(outer.ip.text, outer.prefix, outer.ip.notation);
  return (part) => {
    const inner = readBlock(part);
    return (
      inner !== undefined &&
      inner.ip.family === outer.ip.family &&
      inner.prefix > outer.prefix &&
      list.check(inner.ip.text, inner.ip.notation)
    );
  };
}

/** An address of one family, of an endpoint. */
export function endpointIpOf(family: 4 | 6): Rule {
  const because = `must be a valid IPv${family} address`;
  return all(
    anyText((value) => (ipFamilyOf(value) === family ? [] : [because])),
    endpointIpRule,
  );
}

/** An address that others can reach: none that means this host, or this link. */
export const endpointIpRule: Rule = (value, path) =>
  isString(value) ? unreachable(value).map((because) => invalidValue(path, value, because)) : [];

function unreachable(value: string): readonly string[] {
  const ip = readIp(value);
  if (ip === undefined) return ["must be a valid IP address"];
  const isOf = (list: BlockList) => list.check(ip.text, ip.notation);
  // Endpoints can have very many addresses, and hardly one of them is special.
  if (!isOf(special)) return [];
  return specialKinds.flatMap(([list, because]) => (isOf(list) ? [because(value)] : []));
}
