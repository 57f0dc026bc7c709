import { CelError, type CelFunction, notMine } from "./cel-function.ts";
import {
  blockContains,
  IpAddress,
  IpBlock,
  maskedBlock,
  parseBlock,
  parseIp,
} from "./ip-address.ts";

/** What `ip` is in `ip.isCanonical(...)`. */
export class IpNamespace {}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library */
export const netFunctions: readonly CelFunction[] = [
  { signatures: ["ip(string): net.IP"], run: ({ args: [text] }) => ipOf(text) },
  {
    signatures: ["isIP(string): bool"],
    run: ({ args: [text] }) => parseIp(String(text)) !== undefined,
  },
  {
    signatures: ["IpNamespace.isCanonical(string): bool"],
    run: ({ args: [, text] }) => ipOf(text).toString() === text,
  },
  { signatures: ["net.IP.family(): int"], run: onIp(({ family }) => BigInt(family)) },
  { signatures: ["net.IP.isUnspecified(): bool"], run: onIp(({ bits }) => bits === 0n) },
  { signatures: ["net.IP.isLoopback(): bool"], run: onIp(inBlock("127.0.0.0/8", "::1/128")) },
  {
    signatures: ["net.IP.isLinkLocalMulticast(): bool"],
    run: onIp(inBlock("224.0.0.0/24", "ff02::/16")),
  },
  {
    signatures: ["net.IP.isLinkLocalUnicast(): bool"],
    run: onIp(inBlock("169.254.0.0/16", "fe80::/10")),
  },
  { signatures: ["net.IP.isGlobalUnicast(): bool"], run: onIp(isGlobalUnicast) },
  { signatures: ["cidr(string): net.CIDR"], run: ({ args: [text] }) => blockOf(text) },
  {
    signatures: ["isCIDR(string): bool"],
    run: ({ args: [text] }) => parseBlock(String(text)) !== undefined,
  },
  {
    signatures: ["net.CIDR.containsIP(string): bool", "net.CIDR.containsIP(net.IP): bool"],
    run: onBlock((block, ip) => blockContains(block, ip instanceof IpAddress ? ip : ipOf(ip))),
  },
  {
    signatures: ["net.CIDR.containsCIDR(string): bool", "net.CIDR.containsCIDR(net.CIDR): bool"],
    run: onBlock((block, other) => {
      const inner = other instanceof IpBlock ? other : blockOf(other);
      return inner.prefix >= block.prefix && blockContains(block, inner.address);
    }),
  },
  { signatures: ["net.CIDR.ip(): net.IP"], run: onBlock(({ address }) => address) },
  { signatures: ["net.CIDR.masked(): net.CIDR"], run: onBlock(maskedBlock) },
  { signatures: ["net.CIDR.prefixLength(): int"], run: onBlock(({ prefix }) => BigInt(prefix)) },
];

function onIp(run: (ip: IpAddress) => unknown): CelFunction["run"] {
  return ({ args: [ip] }) => (ip instanceof IpAddress ? run(ip) : notMine);
}

function onBlock(run: (block: IpBlock, other: unknown) => unknown): CelFunction["run"] {
  return ({ args: [block, other] }) => (block instanceof IpBlock ? run(block, other) : notMine);
}

function ipOf(text: unknown): IpAddress {
  const ip = parseIp(String(text));
  if (ip === undefined) {
    throw new CelError(`IP Address "${String(text)}" parse error during conversion from string`);
  }
  return ip;
}

function blockOf(text: unknown): IpBlock {
  const block = parseBlock(String(text));
  if (block !== undefined) return block;
  throw new CelError(
    `network address parse error during conversion from string: "${String(text)}"`,
  );
}

function inBlock(...texts: readonly string[]): (ip: IpAddress) => boolean {
  const blocks = texts.map(blockOf);
  return (ip) => blocks.some((block) => blockContains(block, ip));
}

const special = inBlock(
  "0.0.0.0/32",
  "255.255.255.255/32",
  "127.0.0.0/8",
  "224.0.0.0/4",
  "169.254.0.0/16",
  "::/128",
  "::1/128",
  "ff00::/8",
  "fe80::/10",
);

/** As Go says: all but the special ones, private addresses among them. */
function isGlobalUnicast(ip: IpAddress): boolean {
  return !special(ip);
}
