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
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end" +
  " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const withPrefix = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const configKey = /^[-._a-zA-Z0-9]+$/;
const configKeySentence =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name'," +
  "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const labelValueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or " +
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** As `nameErrors`, in one sentence; undefined for a good name. */
export function wrongName(rule: NameRule, name: string): string | undefined {
  return joined(nameErrors(rule, name));
}

/** What is wrong with an object's name, a sentence each. */
export function nameErrors(rule: NameRule, name: string): readonly string[] {
  switch (rule) {
    case "dns-subdomain":
      return textErrors(name, dnsSubdomain, subdomainCharactersMax, subdomainSentence);
    case "dns-label":
      return textErrors(name, dnsLabel, labelCharactersMax, labelSentence);
    case "dns-1035-label":
      return textErrors(name, dns1035Label, labelCharactersMax, label1035Sentence);
    case "path-segment":
      return pathSegmentErrors(name);
  }
}

/** As `qualifiedNameErrors`, in one sentence; undefined for a good key. */
export function wrongQualifiedName(text: string): string | undefined {
  return joined(qualifiedNameErrors(text));
}

/** What is wrong with a label's or annotation's key or a finalizer: "app", "example.com/app". */
export function qualifiedNameErrors(text: string): readonly string[] {
  const parts = text.split("/");
  if (parts.length > 2) return [`a qualified name ${qualifiedSentence}${withPrefix}`];
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const errors: string[] = [];
  if (prefix === "") errors.push("prefix part must be non-empty");
  else if (prefix !== undefined) {
    errors.push(...nameErrors("dns-subdomain", prefix).map((error) => `prefix part ${error}`));
  }
  if (name === "") errors.push("name part must be non-empty");
  if (name.length > labelCharactersMax) {
    errors.push(`name part must be no more than ${labelCharactersMax} characters`);
  }
  if (!qualifiedPart.test(name)) errors.push(`name part ${qualifiedSentence}`);
  return errors;
}

/** As `labelValueErrors`, in one sentence; undefined for a good value. */
export function wrongLabelValue(value: string): string | undefined {
  return joined(labelValueErrors(value));
}

export function labelValueErrors(value: string): readonly string[] {
  if (value === "") return [];
  return textErrors(value, qualifiedPart, labelCharactersMax, labelValueSentence);
}

/** What is wrong with a key of a ConfigMap's or Secret's data, which can become a file's name. */
export function configKeyErrors(key: string): readonly string[] {
  const errors: string[] = [];
  if (key.length > subdomainCharactersMax) {
    errors.push(`must be no more than ${subdomainCharactersMax} characters`);
  }
  if (!configKey.test(key)) errors.push(configKeySentence);
  if (key === "." || key === "..") errors.push(`must not be '${key}'`);
  else if (key.startsWith("..")) errors.push("must not start with '..'");
  return errors;
}

function joined(errors: readonly string[]): string | undefined {
  return errors.length === 0 ? undefined : errors.join("; ");
}

function textErrors(
  text: string,
  pattern: RegExp,
  charactersMax: number,
  sentence: string,
): readonly string[] {
  const errors: string[] = [];
  if (text.length > charactersMax) errors.push(`must be no more than ${charactersMax} characters`);
  if (!pattern.test(text)) errors.push(sentence);
  return errors;
}

function pathSegmentErrors(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  const wrong = ["/", "%"].filter((each) => name.includes(each));
  const errors = wrong.map((each) => `may not contain '${each}'`);
  // A kube-apiserver takes any length here; a document's key does not.
  const isLong = name.length > subdomainCharactersMax;
  return isLong ? [...errors, `must be no more than ${subdomainCharactersMax} characters`] : errors;
}
