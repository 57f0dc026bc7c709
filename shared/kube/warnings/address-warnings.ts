import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, isString } from "../json.ts";
import {
  canonicalAddress,
  canonicalBlock,
  isStandardAddress,
} from "../validation/networking/canonical-address.ts";

/**
 * An address that is written in a way of its own: "010.0.0.1", "::ffff:10.0.0.1", "2001:DB8::1".
 * What is no address has no warnings.
 */
export function* addressWarnings(value: Json | undefined, path: string): Iterable<string> {
  if (!isString(value)) return;
  const canonical = canonicalAddress(value);
  if (canonical === undefined || canonical === value) return;
  const [given, wanted] = [value, canonical].map((each) => JSON.stringify(each));
  yield isStandardAddress(value)
    ? `${path}: IPv6 address ${given} should be in RFC 5952 canonical format (${wanted})`
    : `${path}: non-standard IP address ${given} will be considered invalid in a future ` +
      `Kubernetes release: use ${wanted}`;
}

/** The same for each address of a list. */
export function* addressListWarnings(values: Json | undefined, path: string): Iterable<string> {
  for (const [index, value] of arrayOf(values).entries()) {
    yield* addressWarnings(value, `${path}[${index}]`);
  }
}

/** A block of addresses, which should have no bits after its prefix: "10.0.0.1/8". */
export function* blockWarnings(value: Json | undefined, path: string): Iterable<string> {
  const canonical = isString(value) ? canonicalBlock(value) : undefined;
  if (!isString(value) || canonical === undefined) return;
  const { block, single, isAmbiguous, isStandard } = canonical;
  const [given, wanted] = [value, block].map((each) => JSON.stringify(each));
  if (isAmbiguous) {
    yield `${path}: CIDR value ${given} is ambiguous in this context ` +
      `(should be ${wanted} or ${JSON.stringify(single)}?)`;
  }
  if (!isStandard) {
    yield `${path}: non-standard CIDR value ${given} will be considered invalid in a future ` +
      `Kubernetes release: use ${wanted}`;
  } else if (!isAmbiguous && value !== block) {
    yield `${path}: IPv6 CIDR value ${given} should be in RFC 5952 canonical format (${wanted})`;
  }
}

export function* blockListWarnings(values: Json | undefined, path: string): Iterable<string> {
  for (const [index, value] of arrayOf(values).entries()) {
    yield* blockWarnings(value, `${path}[${index}]`);
  }
}
