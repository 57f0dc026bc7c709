import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooMany } from "../../field-errors.ts";
import { arrayOf, fieldsOf, isObject, isString, objectOf, textOf } from "../../json.ts";
import { labelErrors } from "../../object/label-rules.ts";
import { labelValueErrors, nameErrors } from "../../object/name-rules.ts";
import { duplicates } from "../duplicates.ts";
import {
  all,
  each,
  fields,
  first,
  immutable,
  itemsAtMost,
  nothing,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  required,
  whole,
} from "../rule.ts";
import { dnsLabel } from "../text-rules.ts";
import { anyText, strictlyOneOf } from "../zero-values.ts";
import { endpointIpOf } from "./ip-rules.ts";
import { appProtocol } from "./port-rules.ts";

const endpointsMax = 1000;
const addressesMax = 100;
const portsMax = 20_000;
const labelsMax = 16;
const hintsMax = 8;

const portFields: Rule = fields({ protocol: strictlyOneOf("SCTP", "TCP", "UDP"), appProtocol });

/** Ports differ in their names, of which one can be empty. */
const eachPort: Rule = (ports, path) => {
  const duplicateOf = duplicates();
  return arrayOf(ports).flatMap((port, index) => {
    if (!isObject(port)) return [];
    const where = `${path}[${index}]`;
    const name = textOf(port["name"]) ?? "";
    return [
      ...dnsLabel(name, `${where}.name`),
      ...duplicateOf(name, `${where}.name`),
      ...portFields(port, where),
    ];
  });
};

/** "shop.example.com", also with a dot at its end; messages are about the name without it. */
const domainName: Rule = (value, path) => {
  if (!isString(value)) return [];
  if (value === "") return [requiredValue(path)];
  const name = value.replace(/\.$/, "");
  const errors = nameErrors("dns-subdomain", name);
  if (errors.length > 0) return [invalidValue(path, name, errors.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) {
    const because = "should be a domain with at least two segments separated by dots";
    return [invalidValue(path, name, because)];
  }
  const wrong = labels.find((label) => nameErrors("dns-label", label).length > 0);
  if (wrong === undefined) return [];
  return [invalidValue(path, wrong, nameErrors("dns-label", wrong).join(","))];
};

const topologyRule: Rule = all((value, path) => {
  const count = fieldsOf(objectOf(value)).length;
  return count > labelsMax ? [tooMany(path, count, labelsMax)] : [];
}, labelErrors);

/** Names of zones or nodes, each once. */
function hintsRule(nameRule: Rule): Rule {
  const names: Rule = (hints, path) => {
    const duplicateOf = duplicates();
    return arrayOf(hints).flatMap((hint, index) => {
      const where = `${path}[${index}].name`;
      const name = textOf(objectOf(hint)["name"]) ?? "";
      return [...duplicateOf(name, where), ...nameRule(name, where)];
    });
  };
  return first(itemsAtMost(hintsMax), names);
}

const nodeName = anyText((value) => nameErrors("dns-subdomain", value));

const endpointFields: Rule = fields({
  nodeName,
  deprecatedTopology: topologyRule,
  hostname: anyText((value) => nameErrors("dns-label", value)),
  hints: fields({
    forZones: hintsRule(anyText(labelValueErrors)),
    forNodes: hintsRule(nodeName),
  }),
});

const someAddresses = required(itemsAtMost(addressesMax), "must contain at least 1 address");

function endpointsOf(addressRule: Rule): Rule {
  const addresses = all(someAddresses, each(addressRule));
  const endpoint = all(fields({ addresses }), endpointFields);
  return fields({ endpoints: first(itemsAtMost(endpointsMax), each(endpoint)) });
}

const endpointsOfAnyType = endpointsOf(nothing);
const endpointsOfType = new Map<Json | undefined, Rule>([
  ["IPv4", endpointsOf(endpointIpOf(4))],
  ["IPv6", endpointsOf(endpointIpOf(6))],
  ["FQDN", endpointsOf(domainName)],
]);

/** What the addresses of endpoints are is said once, for all of a slice. */
const endpointsRule: Rule = whole((slice, path) => {
  const rule = endpointsOfType.get(slice["addressType"]) ?? endpointsOfAnyType;
  return rule(slice, path);
});

/**
 * What an EndpointSlice must be: addresses of one type, which stays, and their ports.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
 */
export const endpointSliceRules: ObjectRule = objectRule(
  all(
    fields({
      addressType: required(oneOf("FQDN", "IPv4", "IPv6")),
      ports: first(itemsAtMost(portsMax), eachPort),
    }),
    endpointsRule,
  ),
  immutable("addressType"),
);
