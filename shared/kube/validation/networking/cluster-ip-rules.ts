/** The addresses of a Service in its cluster: `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`. */
import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { duplicates } from "../duplicates.ts";
import { all, first, type Rule, whole } from "../rule.ts";
import { strictlyOneOf } from "../zero-values.ts";
import { clusterIpsOf, hasClusterIp, isHeadless } from "./defaulted-service.ts";
import { ipFamilyOf, ipRule } from "./ip-rules.ts";

const clusterIpsMax = 2;
const dualStack = "must be 'RequireDualStack' or 'PreferDualStack'";
const familyRule = strictlyOneOf("IPv4", "IPv6");
const policyRule = strictlyOneOf("PreferDualStack", "RequireDualStack", "SingleStack");

/** `clusterIP` is the first of `clusterIPs`, or there are none. */
const sameFirst: Rule = whole((spec, path) => {
  const { clusterIP } = spec;
  const ips = clusterIpsOf(spec);
  if (ips.length === 0 || (clusterIP !== "" && ips[0] === clusterIP)) return [];
  const because =
    clusterIP === ""
      ? "must be empty when `clusterIP` is not specified"
      : "first value must match `clusterIP`";
  return [invalidValue(`${path}.clusterIPs`, ips, because)];
});

const families: Rule = whole((spec, path) => {
  const duplicateOf = duplicates();
  return errorsOfItems(arrayOf(spec["ipFamilies"]), (family, index) => {
    const where = `${path}.ipFamilies[${index}]`;
    return [...familyRule(family, where), ...(isString(family) ? duplicateOf(family, where) : [])];
  });
});

const policy: Rule = whole((spec, path) =>
  policyRule(spec["ipFamilyPolicy"], `${path}.ipFamilyPolicy`),
);

/** Addresses, or "None" alone. */
const eachIp: Rule = whole((spec, path) => {
  const ips = clusterIpsOf(spec);
  const where = `${path}.clusterIPs`;
  const isNone = ips[0] === "None";
  const isMixed = isNone && ips.length > 1;
  return [
    ...(isMixed ? [invalidValue(where, ips, "'None' must be the first and only value")] : []),
    ...errorsOfItems(ips, (ip, index) =>
      isNone && index === 0 ? [] : ipRule(ip, `${where}[${index}]`),
    ),
  ];
});

const ipsAtMost: Rule = whole((spec, path) => {
  const ips = clusterIpsOf(spec);
  if (ips.length <= clusterIpsMax) return [];
  return [invalidValue(`${path}.clusterIPs`, ips, `may only hold up to ${clusterIpsMax} values`)];
});

const oneOfEachFamily: Rule = whole((spec, path) => {
  const ips = clusterIpsOf(spec);
  if (ips.length < 2 || new Set(ips.map(familyOf)).size === 2) return [];
  const because = "may specify no more than one IP for each IP family";
  return [invalidValue(`${path}.clusterIPs`, ips, because)];
});

function familyOf(ip: Json): string | undefined {
  const family = isString(ip) ? ipFamilyOf(ip) : undefined;
  return family && `IPv${family}`;
}

const ipsOfTheirFamilies: Rule = whole((spec, path) => {
  const expected = arrayOf(spec["ipFamilies"]);
  return errorsOfItems(clusterIpsOf(spec), (ip, index) => {
    const family = familyOf(ip);
    const other = family === "IPv4" ? "IPv6" : "IPv4";
    if (family === undefined || expected[index] !== other) return [];
    const because = `expected an ${other} value as indicated by \`ipFamilies[${index}]\``;
    return [invalidValue(`${path}.clusterIPs[${index}]`, ip, because)];
  });
});

const relatedIps: Rule = all(oneOfEachFamily, ipsOfTheirFamilies);

/** What they are to each other is told only of good addresses: it would repeat the errors. */
const ipRules: Rule = (spec, path) => {
  const errors = eachIp(spec, path);
  const related = errors.length === 0 ? relatedIps(spec, path) : [];
  return [...errors, ...ipsAtMost(spec, path), ...related];
};

const addressRules: Rule = all(sameFirst, families, policy, ipRules);

/** What the spec of a Service says of its addresses. */
export const clusterIpRules: Rule = whole((spec, path) =>
  hasClusterIp(spec) ? addressRules(spec, path) : [],
);

/** A new Service of a single stack has one address: only an update can release the other. */
const singleStack: Rule = whole((spec, path) => {
  const { ipFamilyPolicy } = spec;
  if (ipFamilyPolicy !== "SingleStack") return [];
  const where = `${path}.ipFamilyPolicy`;
  const counts = [
    ["cluster IPs", clusterIpsOf(spec)],
    ["IP families", arrayOf(spec["ipFamilies"])],
  ] as const;
  return counts.flatMap(([what, values]) => {
    const because = `${dualStack} when multiple ${what} are specified`;
    return values.length === 2 ? [invalidValue(where, ipFamilyPolicy, because)] : [];
  });
});

/** The same of a Service that is created. */
export const newClusterIpRules: Rule = first(clusterIpRules, singleStack);

/**
 * A Service keeps its addresses and their families, unless it was or becomes an ExternalName. A
 * second one can come, and go with the policy "SingleStack".
 */
export function keptClusterIpErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  if (!hasClusterIp(spec) || !hasClusterIp(old)) return [];
  return [...keptIpErrors(spec, old), ...keptFamilyErrors(spec, old)];
}

function keptIpErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const ips = clusterIpsOf(spec);
  const former = clusterIpsOf(old);
  const changed = ips.flatMap((ip, index) =>
    former[index] === undefined || former[index] === ip
      ? []
      : [invalidValue(`spec.clusterIPs[${index}]`, ips, "may not change once set")],
  );
  return [...changed, ...releaseErrors(spec, "cluster IP", former.length - ips.length)];
}

function keptFamilyErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const families = arrayOf(spec["ipFamilies"]);
  const former = arrayOf(old["ipFamilies"]);
  if (families.length === 0 || former.length === 0) return [];
  if (isHeadless(spec) || isHeadless(old)) return [];
  const changed =
    families[0] === former[0]
      ? []
      : [invalidValue("spec.ipFamilies[0]", families, "may not change once set")];
  return [...changed, ...releaseErrors(spec, "IP family", former.length - families.length)];
}

function releaseErrors(spec: JsonObject, what: string, released: number): readonly FieldError[] {
  const { ipFamilyPolicy } = spec;
  if (released !== 1 || !isString(ipFamilyPolicy) || ipFamilyPolicy === "SingleStack") return [];
  const because = `must be 'SingleStack' to release the secondary ${what}`;
  return [invalidValue("spec.ipFamilyPolicy", ipFamilyPolicy, because)];
}
