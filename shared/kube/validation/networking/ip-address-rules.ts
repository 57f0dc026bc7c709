import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at, isObject, isString, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { fields, type ObjectRule, required } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { dnsSubdomain, pathSegment } from "../text-rules.ts";
import { isSet } from "../zero-values.ts";
import { canonicalAddress, isStandardAddress } from "./canonical-address.ts";

/** It is called as the address that it keeps, in the one way to write it. */
function wrongName({ metadata }: KubeObject): readonly FieldError[] {
  const { name } = metadata;
  if (!isString(name) || name === "") return [];
  const because = addressError(name);
  return because === undefined ? [] : [invalidValue("metadata.name", name, because)];
}

function addressError(name: string): string | undefined {
  const canonical = canonicalAddress(name);
  if (canonical === undefined) {
    return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  }
  if (!isStandardAddress(name)) {
    return name.includes(":")
      ? "must not be an IPv4-mapped IPv6 address"
      : "must not have leading 0s";
  }
  return name === canonical
    ? undefined
    : `must be in canonical form (${JSON.stringify(canonical)})`;
}

const parentRule = fields({
  group: dnsSubdomain,
  resource: required(pathSegment),
  name: required(pathSegment),
  namespace: pathSegment,
});

const parentPath = "spec.parentRef";

function changeErrors(object: KubeObject, before: KubeObject): readonly FieldError[] {
  const [now, then] = [object, before].map((each) => at(each, "spec", "parentRef"));
  if (meansTheSame(now, then)) return [];
  return [invalidValue(parentPath, printedParent(now), "field is immutable")];
}

/** As Go writes it, which knows no other names of its fields here. */
function printedParent(parent: Json | undefined): Json {
  if (!isObject(parent)) return null;
  const text = (name: string): string => textOf(parent[name]) ?? "";
  return {
    Group: text("group"),
    Resource: text("resource"),
    Namespace: text("namespace"),
    Name: text("name"),
  };
}

/**
 * A `networking.k8s.io/v1 IPAddress`: an address, and what has it. That stays.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ip-address-v1/
 */
export const ipAddressRules: ObjectRule = (object, before) => {
  if (before !== undefined) return changeErrors(object, before);
  const parent = at(object, "spec", "parentRef");
  return [
    ...wrongName(object),
    ...(isSet(parent) ? parentRule(parent, parentPath) : [requiredValue(parentPath)]),
  ];
};
