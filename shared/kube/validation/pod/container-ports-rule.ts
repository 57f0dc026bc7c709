import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString, objectOf, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { duplicates } from "../duplicates.ts";
import { between } from "../number-rules.ts";
import { fields, number, oneOf, type Rule } from "../rule.ts";
import { portName } from "../text-rules.ts";

const portRange = between(1, 65_535);

/** Go cannot tell port 0 from an absent one. */
const containerPort: Rule = (value, path) =>
  value === undefined || value === 0 ? [requiredValue(path)] : portRange(value, path);

const hostPort: Rule = number((value) =>
  value === 0 || (value >= 1 && value <= 65_535) ? [] : ["must be between 1 and 65535, inclusive"],
);

const portRule = fields({ containerPort, hostPort, protocol: oneOf("SCTP", "TCP", "UDP") });

/** The ports of a container: "spec.containers[0].ports". */
export const containerPortsRule: Rule = (ports, path) => {
  const isTaken = duplicates();
  return errorsOfItems(arrayOf(ports), (port, index) => {
    const where = `${path}[${index}]`;
    return [...nameErrors(at(port, "name"), `${where}.name`, isTaken), ...portRule(port, where)];
  });
};

/** Only of a good name is it told that another port has it. */
function nameErrors(
  name: Json | undefined,
  path: string,
  isTaken: ReturnType<typeof duplicates>,
): readonly FieldError[] {
  if (!isString(name) || name === "") return [];
  const errors = portName(name, path);
  return errors.length > 0 ? errors : isTaken(name, path);
}

/** Two containers of a pod cannot have the same port of their node. */
export const hostPortsRule: Rule = (containers, path) => {
  const duplicateOf = duplicates();
  return errorsOfItems(arrayOf(containers), (container, index) =>
    errorsOfItems(arrayOf(at(container, "ports")), (each, number) => {
      const { hostPort: taken, hostIP, protocol } = objectOf(each);
      if (typeof taken !== "number" || taken === 0) return [];
      const which = `${textOf(protocol) ?? "TCP"}/${textOf(hostIP) ?? ""}/${taken}`;
      return duplicateOf(which, `${path}[${index}].ports[${number}].hostPort`);
    }),
  );
};
