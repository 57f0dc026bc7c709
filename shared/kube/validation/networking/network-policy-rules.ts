import type { JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { between } from "../number-rules.ts";
import {
  all,
  each,
  fields,
  isMissing,
  type ObjectRule,
  objectRule,
  type Rule,
  struct,
  whole,
} from "../rule.ts";
import { strictlyOneOf } from "../zero-values.ts";
import { cidrRule, isBlock, strictSubsetOf } from "./ip-rules.ts";
import { portNumberOrName } from "./port-rules.ts";

const policyTypesMax = 2;
const portRange = between(1, 65_535);

/** The last port of a range that starts with `port`. */
function endPortErrors({ port, endPort }: JsonObject, path: string): readonly FieldError[] {
  if (typeof endPort !== "number") return [];
  const wrong = (because: string) => [invalidValue(path, endPort, because)];
  if (isString(port)) return wrong("may not be specified when `port` is non-numeric");
  if (isMissing(port)) return wrong("may not be specified when `port` is not specified");
  if (typeof port !== "number") return [];
  return [
    // Kubernetes shows the first port here.
    ...(endPort < port
      ? [invalidValue(path, port, "must be greater than or equal to `port`")]
      : []),
    ...portRange(endPort, path),
  ];
}

/** Without a port it is all of them; a name tells first that it has no end. */
const portsRule: Rule = each(
  all(
    fields({ protocol: strictlyOneOf("TCP", "UDP", "SCTP") }),
    whole((value, path) => {
      const { port } = value;
      const endErrors = endPortErrors(value, `${path}.endPort`);
      if (port === undefined || port === null) return endErrors;
      const portErrors = portNumberOrName(port, `${path}.port`);
      return isString(port) ? [...endErrors, ...portErrors] : [...portErrors, ...endErrors];
    }),
  ),
);

/** A block of addresses, and the smaller ones that it leaves out. */
const ipBlockRule: Rule = whole(({ cidr, except }, path) => {
  const where = `${path}.cidr`;
  if (isMissing(cidr)) return [requiredValue(where)];
  if (!isString(cidr) || !isBlock(cidr)) return cidrRule(cidr, where);
  const isPart = strictSubsetOf(cidr);
  return errorsOfItems(arrayOf(except), (part, index) => {
    const partPath = `${path}.except[${index}]`;
    if (!isString(part) || !isBlock(part)) return cidrRule(part, partPath);
    const because = "must be a strict subset of `cidr`";
    return isPart(part) ? [] : [invalidValue(partPath, part, because)];
  });
});

/** Either pods, by labels of their own and of their namespace, or addresses. */
const peerShape: Rule = whole(({ podSelector, namespaceSelector, ipBlock }, path) => {
  const isSelected = !isMissing(podSelector) || !isMissing(namespaceSelector);
  if (isMissing(ipBlock)) return isSelected ? [] : [requiredValue(path, "must specify a peer")];
  const because = "may not specify both ipBlock and another peer";
  return isSelected ? [forbiddenField(path, because)] : [];
});

const peersRule: Rule = each(
  all(
    fields({
      podSelector: labelSelectorErrors,
      namespaceSelector: labelSelectorErrors,
      ipBlock: ipBlockRule,
    }),
    peerShape,
  ),
);

const policyType = strictlyOneOf("Ingress", "Egress");

const policyTypesRule: Rule = (value, path) => {
  const types = arrayOf(value);
  if (types.length <= policyTypesMax) return each(policyType)(types, path);
  return [invalidValue(path, types, "may not specify more than two policyTypes")];
};

/**
 * What a NetworkPolicy must be: the pods that it is for, and the peers and ports that may talk to
 * them.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export const networkPolicyRules: ObjectRule = objectRule(
  struct({
    spec: struct({
      podSelector: labelSelectorErrors,
      ingress: each(fields({ ports: portsRule, from: peersRule })),
      egress: each(fields({ ports: portsRule, to: peersRule })),
      policyTypes: policyTypesRule,
    }),
  }),
);
