import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, forbiddenField, requiredValue } from "../../field-errors.ts";
import { arrayOf, isObject, isString, objectOf, textOf } from "../../json.ts";
import { duplicates } from "../duplicates.ts";
import { portNumber } from "../number-rules.ts";
import { all, fields, isMissing, number, type Rule, whole } from "../rule.ts";
import { dnsLabel } from "../text-rules.ts";
import { serviceType } from "./defaulted-service.ts";
import { appProtocol, portNumberOrName, portProtocol } from "./port-rules.ts";

const nodePortMax = 65_535;

/** The port of the pods; that of the Service when it is left out. */
const targetPort: Rule = whole(({ targetPort: target, port }, path) =>
  portNumberOrName(target || port, `${path}.targetPort`),
);

/** Which ports of its nodes a cluster gives away is its own choice; a port they are all. */
const nodePort: Rule = number((value) =>
  value >= 0 && value <= nodePortMax
    ? []
    : [`provided port is not in the valid range. The range of valid ports is 1-${nodePortMax}`],
);

const portRule: Rule = all(
  fields({ port: portNumber, protocol: portProtocol }),
  targetPort,
  fields({ appProtocol, nodePort }),
);

/** The ports of a Service: each a port, and when there are several, with a name of its own. */
export const servicePortsRule: Rule = (ports, path) => {
  const list = arrayOf(ports);
  const duplicateOf = duplicates();
  return errorsOfItems(list, (port, index) => {
    const where = `${path}[${index}]`;
    if (!isObject(port)) return [];
    const { name } = port;
    const nameErrors = [
      ...(list.length > 1 && isMissing(name) ? [requiredValue(`${where}.name`)] : []),
      ...dnsLabel(name, `${where}.name`),
      ...(isString(name) && name !== "" ? duplicateOf(name, `${where}.name`) : []),
    ];
    return [...nameErrors, ...portRule(port, where)];
  });
};

/** No node opens a port for a Service that only its cluster reaches. */
export const unusedNodePorts: Rule = whole((spec, path) => {
  if (serviceType(spec) !== "ClusterIP") return [];
  const because = "may not be used when `type` is 'ClusterIP'";
  return errorsOfItems(arrayOf(spec["ports"]), (port, index) =>
    objectOf(port)["nodePort"] ? [forbiddenField(`${path}.ports[${index}].nodePort`, because)] : [],
  );
});

/** A node has a port of each number and protocol once. */
export const distinctNodePorts: Rule = (ports, path) => {
  const seen = new Set<string>();
  return errorsOfItems(arrayOf(ports), (port, index) => {
    const { nodePort, protocol } = objectOf(port);
    if (typeof nodePort !== "number" || nodePort === 0) return [];
    const key = `${protocolOf(protocol)} ${nodePort}`;
    if (seen.has(key)) return [duplicateValue(`${path}[${index}].nodePort`, `${nodePort}`)];
    seen.add(key);
    return [];
  });
};

/** So has a Service. */
export const distinctPorts: Rule = (ports, path) => {
  const seen = new Set<string>();
  return errorsOfItems(arrayOf(ports), (each, index) => {
    const { port = 0, protocol } = objectOf(each);
    if (!isObject(each) || typeof port !== "number") return [];
    const shown = JSON.stringify({ port, protocol: protocolOf(protocol) });
    if (seen.has(shown)) return [duplicateValue(`${path}[${index}]`, shown)];
    seen.add(shown);
    return [];
  });
};

function protocolOf(protocol: Json | undefined): string {
  return textOf(protocol) || "TCP";
}
