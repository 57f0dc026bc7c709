import { isIPv4, isIPv6 } from "node:net";
import type { Comparable } from "./cel-equals.ts";

/** An address of either family. A class, because expressions tell their types by constructors. */
export class IpAddress implements Comparable {
  readonly family: 4 | 6;
  readonly bits: bigint;

  constructor(family: 4 | 6, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }

  equals(other: unknown): boolean {
    return other instanceof IpAddress && other.family === this.family && other.bits === this.bits;
  }

  /** In the canonical form of RFC 5952. */
  toString(): string {
    if (this.family === 4) {
      return [24n, 16n, 8n, 0n].map((shift) => (this.bits >> shift) & 255n).join(".");
    }
    const groups = Array.from(
      { length: 8 },
      (_, i) => (this.bits >> BigInt(112 - 16 * i)) & 0xffffn,
    );
    return new URL(
      `http://[${groups.map((group) => group.toString(16)).join(":")}]`,
    ).hostname.slice(1, -1);
  }
}

/** A block of addresses: "10.0.0.0/8". Its address may have bits beyond the prefix. */
export class IpBlock implements Comparable {
  readonly address: IpAddress;
  readonly prefix: number;

  constructor(address: IpAddress, prefix: number) {
    this.address = address;
    this.prefix = prefix;
  }

  equals(other: unknown): boolean {
    return (
      other instanceof IpBlock && other.prefix === this.prefix && other.address.equals(this.address)
    );
  }

  toString(): string {
    return `${this.address}/${this.prefix}`;
  }
}

export function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** Undefined for what is no address; as in Kubernetes, zones and IPv4 in IPv6 are refused. */
export function parseIp(text: string): IpAddress | undefined {
  if (isIPv4(text)) {
    const bits = text.split(".").reduce((all, part) => (all << 8n) | BigInt(part), 0n);
    return new IpAddress(4, bits);
  }
  if (!isIPv6(text) || text.includes("%") || text.includes(".")) return undefined;
  const [head = "", tail] = text.split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: gap }, () => 0n), ...right];
  const bits = groups.reduce((all, group) => (all << 16n) | group, 0n);
  return bits >> 32n === 0xffffn ? undefined : new IpAddress(6, bits);
}

function groupsOf(text: string): readonly bigint[] {
  return text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
}

export function parseBlock(text: string): IpBlock | undefined {
  const [ip = "", length = "", ...more] = text.split("/");
  const address = parseIp(ip);
  if (address === undefined || more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length))
    return undefined;
  const prefix = Number(length);
  return prefix <= bitsOf(address.family) ? new IpBlock(address, prefix) : undefined;
}

export function maskedBlock({ address, prefix }: IpBlock): IpBlock {
  const shift = BigInt(bitsOf(address.family) - prefix);
  return new IpBlock(new IpAddress(address.family, (address.bits >> shift) << shift), prefix);
}

export function blockContains({ address, prefix }: IpBlock, ip: IpAddress): boolean {
  const shift = BigInt(bitsOf(address.family) - prefix);
  return ip.family === address.family && ip.bits >> shift === address.bits >> shift;
}
