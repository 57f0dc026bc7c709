import { isIP } from "node:net";
import { anyText } from "../zero-values.ts";

/**
 * An address in a field that is older than the strict rules: "10.9.8.7", "2001:db8::ffff", also
 * "010.009.008.007", which an older Kubernetes wrote; never one with a zone.
 */
export const legacyIpAddress = anyText((value) => {
  const isAddress = isIP(withoutLeadingZeros(value)) !== 0 && !value.includes("%");
  return isAddress ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
});

function withoutLeadingZeros(value: string): string {
  return /^[\d.]+$/.test(value) ? value.replaceAll(/(^|\.)0+(?=\d)/g, "$1") : value;
}
