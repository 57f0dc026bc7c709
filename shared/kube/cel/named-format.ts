import { labelValueErrors, nameErrors, qualifiedNameErrors } from "../object/name-rules.ts";
import { hasFormat } from "../schema/formats.ts";
import type { Comparable } from "./cel-equals.ts";
import { requestUriError } from "./request-uri-error.ts";

type Check = (text: string) => readonly string[];

/**
 * What texts can look like: `format.uuid()`. A class, because expressions tell their types by their
 * constructors.
 */
export class NamedFormat implements Comparable {
  readonly name: string;
  /** What is wrong with a text, in the words of Kubernetes; nothing for a good one. */
  readonly errorsOf: Check;

  constructor(name: string, errorsOf: Check) {
    this.name = name;
    this.errorsOf = errorsOf;
  }

  equals(other: unknown): boolean {
    return other instanceof NamedFormat && other.name === this.name;
  }
}

const checks: Readonly<Record<string, Check>> = {
  dns1123Label: (text) => nameErrors("dns-label", text),
  dns1123Subdomain: (text) => nameErrors("dns-subdomain", text),
  dns1035Label: (text) => nameErrors("dns-1035-label", text),
  qualifiedName: qualifiedNameErrors,
  dns1123LabelPrefix: (text) => nameErrors("dns-label", withMaskedDash(text)),
  dns1123SubdomainPrefix: (text) => nameErrors("dns-subdomain", withMaskedDash(text)),
  dns1035LabelPrefix: (text) => nameErrors("dns-1035-label", withMaskedDash(text)),
  labelValue: labelValueErrors,
  uri: (text) => {
    const error = requestUriError(text);
    return error === undefined ? [] : [error];
  },
  uuid: schemaFormat("uuid", "does not match the UUID format"),
  byte: schemaFormat("byte", "invalid base64"),
  date: schemaFormat("date", "invalid date"),
  datetime: schemaFormat("datetime", "invalid datetime"),
};

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library */
export const namedFormats: readonly NamedFormat[] = Object.entries(checks).map(
  ([name, errorsOf]) => new NamedFormat(name, errorsOf),
);

const byName: ReadonlyMap<string, NamedFormat> = new Map(
  namedFormats.map((format) => [format.name, format]),
);

/** Undefined for other names. */
export function namedFormat(name: string): NamedFormat | undefined {
  return byName.get(name);
}

function schemaFormat(format: string, sentence: string): Check {
  return (text) => (hasFormat(format, text) ? [] : [sentence]);
}

/**
 * A prefix may end in a dash, as something follows it. Kubernetes checks it with an "a" instead of
 * its last two characters, whatever the first of them is: "web.-" is good, too.
 */
function withMaskedDash(prefix: string): string {
  return prefix.replace(/\p{ASCII}-$/u, "a");
}
