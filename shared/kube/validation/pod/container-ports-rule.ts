import { duplicateValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, objectOf, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { between } from "../number-rules.ts";
import { all, each, fields, number, oneOf, type Rule, unique } from "../rule.ts";
import { portName } from "../text-rules.ts";

const portRange = between(1, 65_535);

/** Go cannot tell port 0 from an absent one. */
const containerPort: Rule = (value, path) =>
  value === undefined || value === 0 ? [requiredValue(path)] : portRange(value, path);

const hostPort: Rule = number((value) =>
  value === 0 || (value >= 1 && value <= 65_535) ? [] : ["must be between 1 and 65535, inclusive"],
);

/** The ports of a container: "spec.containers[0].ports". */
export const containerPortsRule: Rule = all(
  each(
    fields({
      name: portName,
      containerPort,
      hostPort,
      protocol: oneOf("SCTP", "TCP", "UDP"),
    }),
  ),
  unique("name"),
);

/** Two containers of a pod cannot have the same port of their node. */
export const hostPortsRule: Rule = (containers, path) => {
  const seen = new Set<string>();
  return arrayOf(containers).flatMap((container, index) =>
    arrayOf(at(container, "ports")).flatMap((each, number): readonly FieldError[] => {
      const { hostPort: taken, hostIP, protocol } = objectOf(each);
      if (typeof taken !== "number" || taken === 0) return [];
      const which = `${textOf(protocol) ?? "TCP"}/${textOf(hostIP) ?? ""}/${taken}`;
      const isTaken = seen.has(which);
      seen.add(which);
      const where = `${path}[${index}].ports[${number}].hostPort`;
      return isTaken ? [duplicateValue(where, JSON.stringify(which))] : [];
    }),
  );
};
