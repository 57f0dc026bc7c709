import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, oneOf, type Rule, required, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";
import { legacyIpAddress } from "./legacy-ip-address.ts";

const nameserversMax = 3;
const searchesMax = 32;
const searchBytesMax = 2048;
const subdomainCharactersMax = 253;

const label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const subdomainPattern = new RegExp(`^${subdomain}$`);
const subdomainSentence =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' " +
  "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  `for validation is '${subdomain}')`;

/** A search path can end with a dot, can be the root, and can have underscores. */
const searchRule: Rule = (value, path) => {
  if (!isString(value) || value === ".") return [];
  const search = value.endsWith(".") ? value.slice(0, -1) : value;
  const errors: string[] = [];
  if (search.length > subdomainCharactersMax) {
    errors.push(`must be no more than ${subdomainCharactersMax} characters`);
  }
  if (!subdomainPattern.test(search)) errors.push(subdomainSentence);
  return errors.map((because) => invalidValue(path, search, because));
};

const nameserversLimit: Rule = (value, path) =>
  arrayOf(value).length > nameserversMax
    ? [invalidValue(path, value ?? null, `must not have more than ${nameserversMax} nameservers`)]
    : [];

const searchesLimit: Rule = (value, path) => {
  const searches = arrayOf(value).filter(isString);
  const because: string[] = [];
  if (searches.length > searchesMax) because.push(`${searchesMax} search paths`);
  if (Buffer.byteLength(searches.join(" ")) > searchBytesMax) {
    because.push(`${searchBytesMax} characters (including spaces) in the search list`);
  }
  return because.map((limit) =>
    invalidValue(path, value ?? null, `must not have more than ${limit}`),
  );
};

/** The names that a pod's own resolver is given: "spec.dnsConfig". */
export const dnsConfigRule: Rule = fields({
  nameservers: all(nameserversLimit, each(legacyIpAddress)),
  searches: all(searchesLimit, each(searchRule)),
  options: each(whole(({ name }, path) => required(undefined, "must not be empty")(name, path))),
});

/** Who answers a pod's questions: "spec.dnsPolicy". */
export const dnsPolicyRule: Rule = oneOf(
  "ClusterFirstWithHostNet",
  "ClusterFirst",
  "Default",
  "None",
);

/** Without a policy, a pod must say itself whom it asks. */
function missingConfig(config: Json | undefined, path: string): readonly FieldError[] {
  if (!isSet(config)) {
    return [requiredValue(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
  }
  const because = "must provide at least one DNS nameserver when `dnsPolicy` is None";
  return fields({ nameservers: required(undefined, because) })(config, path);
}

/** "spec.dnsConfig" of the spec of a pod, by what its "dnsPolicy" asks for. */
export const dnsConfigByPolicyRule: Rule = whole(({ dnsPolicy, dnsConfig }, path) => {
  const where = `${path}.dnsConfig`;
  const missing = dnsPolicy === "None" ? missingConfig(dnsConfig, where) : [];
  return missing.length > 0 ? missing : dnsConfigRule(dnsConfig, where);
});

/**
 * The DNS of a pod, by the whole spec of the pod: "spec.dnsPolicy" and "spec.dnsConfig".
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export const dnsRule: Rule = all(fields({ dnsPolicy: dnsPolicyRule }), dnsConfigByPolicyRule);
