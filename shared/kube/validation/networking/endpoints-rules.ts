import { requiredValue } from "../../field-errors.ts";
import { arrayOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import { portNumber } from "../number-rules.ts";
import {
  all,
  each,
  fields,
  isMissing,
  type ObjectRule,
  objectRule,
  type Rule,
  required,
  whole,
} from "../rule.ts";
import { dnsLabel } from "../text-rules.ts";
import { anyText } from "../zero-values.ts";
import { endpointIpRule, ipRule } from "./ip-rules.ts";
import { appProtocol, portProtocol } from "./port-rules.ts";

const addressRule: Rule = all(
  fields({
    ip: ipOrNone(ipRule),
    hostname: dnsLabel,
    nodeName: anyText((value) => nameErrors("dns-subdomain", value)),
  }),
  fields({ ip: ipOrNone(endpointIpRule) }),
);

/** An address without an IP has empty text there, which is none. */
function ipOrNone(rule: Rule): Rule {
  return (value, path) => rule(value ?? "", path);
}

const endpointPortFields: Rule = fields({
  port: portNumber,
  protocol: portProtocol,
  appProtocol,
});

const portRule: Rule = all(fields({ name: dnsLabel }), endpointPortFields);
const namedPortRule: Rule = all(fields({ name: required(dnsLabel) }), endpointPortFields);

/** Several ports need names. */
const portsRule: Rule = (ports, path) =>
  each(arrayOf(ports).length > 1 ? namedPortRule : portRule)(ports, path);

const someAddress: Rule = whole(({ addresses, notReadyAddresses }, path) =>
  isMissing(addresses) && isMissing(notReadyAddresses)
    ? [requiredValue(path, "must specify `addresses` or `notReadyAddresses`")]
    : [],
);

/**
 * What Endpoints must be: addresses that can be reached from elsewhere, and their ports.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/
 */
export const endpointsRules: ObjectRule = objectRule(
  fields({
    subsets: each(
      all(
        someAddress,
        fields({
          addresses: each(addressRule),
          notReadyAddresses: each(addressRule),
          ports: portsRule,
        }),
      ),
    ),
  }),
);
