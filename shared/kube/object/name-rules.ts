import type { NameRule } from "../served-kind.ts";

/**
 * What names, labels and keys look like; each function returns what is wrong, in Kubernetes' words,
 * or undefined.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

const labelCharactersMax = 63;
const subdomainCharactersMax = 253;

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dns1035Label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const subdomainSentence =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'," +
  " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for " +
  "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelSentence =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must" +
  " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for " +
  "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const label1035Sentence =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', " +
  "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const qualifiedSentence =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end" +
  " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or " +
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function wrongName(rule: NameRule, name: string): string | undefined {
  switch (rule) {
    case "dns-subdomain":
      return wrongText(name, dnsSubdomain, subdomainCharactersMax, subdomainSentence);
    case "dns-label":
      return wrongText(name, dnsLabel, labelCharactersMax, labelSentence);
    case "dns-1035-label":
      return wrongText(name, dns1035Label, labelCharactersMax, label1035Sentence);
    case "path-segment":
      return wrongPathSegment(name);
  }
}

/** A label's or annotation's key, a finalizer: "app", "example.com/app". */
export function wrongQualifiedName(text: string): string | undefined {
  const parts = text.split("/");
  if (parts.length > 2) return `a qualified name ${qualifiedSentence}`;
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix !== undefined) {
    if (prefix === "") return "prefix part must be non-empty";
    const wrong = wrongName("dns-subdomain", prefix);
    if (wrong !== undefined) return `prefix part ${wrong}`;
  }
  if (name === "") return "name part must be non-empty";
  if (name.length > labelCharactersMax) {
    return `name part must be no more than ${labelCharactersMax} characters`;
  }
  return qualifiedPart.test(name) ? undefined : qualifiedSentence;
}

export function wrongLabelValue(value: string): string | undefined {
  if (value === "") return undefined;
  return wrongText(value, qualifiedPart, labelCharactersMax, labelValueSentence);
}

function wrongText(
  text: string,
  pattern: RegExp,
  charactersMax: number,
  sentence: string,
): string | undefined {
  if (text.length > charactersMax) return `must be no more than ${charactersMax} characters`;
  return pattern.test(text) ? undefined : sentence;
}

function wrongPathSegment(name: string): string | undefined {
  if (name === "." || name === "..") return `may not be '${name}'`;
  const wrong = /[/%]/.exec(name)?.[0];
  if (wrong !== undefined) return `may not contain '${wrong}'`;
  return name.length > subdomainCharactersMax
    ? `must be no more than ${subdomainCharactersMax} characters`
    : undefined;
}
