import { isString } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import { portNumber } from "../number-rules.ts";
import { oneOf, type Rule } from "../rule.ts";
import { portName } from "../text-rules.ts";
import { anyText } from "../zero-values.ts";

/** A port's number, or the name that it has in a pod: an IANA service name. */
export const portNumberOrName: Rule = (value, path) =>
  isString(value) ? portName(value, path) : portNumber(value, path);

/** The protocol of a port; TCP when it is left out. */
export const portProtocol: Rule = oneOf("SCTP", "TCP", "UDP");

/** "http", "example.com/my-protocol" */
export const appProtocol: Rule = anyText(qualifiedNameErrors);
