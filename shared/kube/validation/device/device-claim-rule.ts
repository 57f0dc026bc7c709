import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { eachTextOnce } from "../each-once.ts";
import {
  all,
  each,
  fields,
  first,
  isMissing,
  itemsAtMost,
  type Rule,
  required,
  unique,
  whole,
} from "../rule.ts";
import { dnsSubdomain } from "../text-rules.ts";
import { anyText, isSet, orEmpty, textOrEmpty } from "../zero-values.ts";
import { fullAttributeName } from "./attribute-name-rules.ts";
import { deviceConfigurationRule } from "./device-configuration-rule.ts";
import { deviceSelectorsRule } from "./device-selectors-rule.ts";

const itemsMax = 32;
const alternativesMax = 8;

/** Empty text is a name too, and a wrong one. */
const name = orEmpty(anyText((value) => nameErrors("dns-label", value)));

/** How many devices: a number, which is 1 when it is not said, or all that there are. */
const allocation: Rule = whole(({ allocationMode, count = 0 }, path) => {
  const mode = textOrEmpty(allocationMode);
  const where = `${path}.count`;
  switch (mode) {
    case undefined:
      return [];
    case "All": {
      const because = "must not be specified when allocationMode is 'All'";
      return typeof count === "number" && count !== 0 ? [invalidValue(where, count, because)] : [];
    }
    case "":
    case "ExactCount":
      return typeof count === "number" && count < 0
        ? [invalidValue(where, count, "must be greater than zero")]
        : [];
    default:
      return [unsupportedValue(`${path}.allocationMode`, mode, ["All", "ExactCount"])];
  }
});

const exactly: Rule = all(
  fields({ deviceClassName: required(dnsSubdomain), selectors: deviceSelectorsRule }),
  allocation,
);

const firstAvailable: Rule = first(
  itemsAtMost(alternativesMax),
  all(each(all(fields({ name }), exactly)), unique("name")),
);

const oneWay: Rule = whole((request, path) => {
  const { exactly: exact, firstAvailable: alternatives } = request;
  const because = "exactly one of `exactly` or `firstAvailable` is required";
  if (!isMissing(alternatives)) {
    const both = `${because}, but multiple fields are set`;
    if (isSet(exact)) return [invalidValue(path, null, both)];
    return firstAvailable(alternatives, `${path}.firstAvailable`);
  }
  return isSet(exact) ? exactly(exact, `${path}.exactly`) : [requiredValue(path, because)];
});

const requests: Rule = first(
  itemsAtMost(itemsMax),
  all(each(all(fields({ name }), oneWay)), unique("name")),
);

/** "gpu", "gpu/large": a request, and one of its alternatives. */
function requestNames(claim: Json | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const request of arrayOf(at(claim, "requests"))) {
    const main = textOf(at(request, "name")) ?? "";
    names.add(main);
    for (const each of arrayOf(at(request, "firstAvailable"))) {
      names.add(`${main}/${textOf(at(each, "name")) ?? ""}`);
    }
  }
  return names;
}

/** The requests of the claim that something is about. */
function references(known: ReadonlySet<string>): Rule {
  const because =
    "must be the name of a request in the claim or the name of a request and a subrequest " +
    "separated by '/'";
  const reference: Rule = (value, path) => {
    if (!isString(value)) return [];
    const unknown = known.has(value) ? [] : [invalidValue(path, value, because)];
    const parts = value.split("/");
    return parts.length > 2 ? unknown : [...parts.flatMap((part) => name(part, path)), ...unknown];
  };
  return first(itemsAtMost(itemsMax), eachTextOnce(reference));
}

const attribute: Rule = whole((constraint, path) => {
  const { matchAttribute, distinctAttribute } = constraint;
  if (isSet(matchAttribute)) return fullAttributeName(matchAttribute, `${path}.matchAttribute`);
  return isSet(distinctAttribute)
    ? fullAttributeName(distinctAttribute, `${path}.distinctAttribute`)
    : [requiredValue(`${path}.matchAttribute`)];
});

/**
 * Which devices a claim is for: "spec.devices".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export const deviceClaimRule: Rule = (claim, path): readonly FieldError[] => {
  const about = fields({ requests: references(requestNames(claim)) });
  const rule = fields({
    requests,
    constraints: first(itemsAtMost(itemsMax), each(all(about, attribute))),
    config: first(itemsAtMost(itemsMax), each(all(about, deviceConfigurationRule))),
  });
  return rule(claim, path);
};
