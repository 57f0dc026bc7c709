import { invalidValue, requiredValue } from "../field-errors.ts";
import { isString } from "../json.ts";
import { nameErrors, qualifiedNameErrors } from "../object/name-rules.ts";
import { type Rule, text } from "./rule.ts";

/** What texts look like that many kinds have: names, labels, addresses, paths. */

export const dnsLabel = text((value) => nameErrors("dns-label", value));
export const dnsSubdomain = text((value) => nameErrors("dns-subdomain", value));
export const qualifiedName = text(qualifiedNameErrors);

/** A text that can be a part of a path. */
export const pathSegment = text((value) => nameErrors("path-segment", value));

/** "web", "8080-http": the name of a port, an IANA service name. */
export const portName = text((value) => {
  const errors: string[] = [];
  if (value.length > 15) errors.push("must be no more than 15 characters");
  if (!/^[a-z0-9-]+$/.test(value)) {
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(value)) errors.push("must contain at least one letter (a-z)");
  if (value.includes("--")) errors.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) {
    errors.push("must not begin or end with a hyphen");
  }
  return errors;
});

/** The name of an environment variable: anything printable but "=". */
export const envVarName = text((value) =>
  /^[\x20-\x3C\x3E-\x7E]+$/.test(value)
    ? []
    : [
        "a valid environment variable name must consist only of printable ASCII characters other " +
          "than '='",
      ],
);

/** A path that stays below where it starts. */
export const relativePath: Rule = (value, path) =>
  typeof value !== "string"
    ? []
    : [
        ...(value.startsWith("/") ? [invalidValue(path, value, "must be a relative path")] : []),
        ...pathWithoutBackSteps(value, path),
      ];

export const pathWithoutBackSteps = text((value) =>
  value.split("/").includes("..") ? ["must not contain '..'"] : [],
);

const httpPath = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const httpPathSentence =
  "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

/** "example.com/ingress-controller": whose it is, and what. */
export const domainPrefixedPath: Rule = (value, path) => {
  if (!isString(value) || value === "") return [];
  const slash = value.indexOf("/");
  if (slash <= 0 || slash === value.length - 1) {
    const because = 'must be a domain-prefixed path (such as "acme.io/foo")';
    return [invalidValue(path, value, because)];
  }
  const rest = value.slice(slash + 1);
  return [
    ...dnsSubdomain(value.slice(0, slash), path),
    ...(httpPath.test(rest) ? [] : [invalidValue(path, rest, httpPathSentence)]),
  ];
};

/** Text that is there, and more than space. */
export function notBlank(because?: string): Rule {
  return (value, path) => {
    const isBlank = isString(value) ? value.trim() === "" : value === undefined || value === null;
    return isBlank ? [requiredValue(path, because)] : [];
  };
}
