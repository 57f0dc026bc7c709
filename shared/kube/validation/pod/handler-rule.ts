import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { portNumber } from "../number-rules.ts";
import { below, fields, oneOf, type Rule, required, whole } from "../rule.ts";
import { portName } from "../text-rules.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";

/** The port of a container, by its number or by its name. */
const portRule: Rule = (value, path) => {
  if (value !== "") return isString(value) ? portName(value, path) : portNumber(value, path);
  const sentences = [
    "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    "must contain at least one letter (a-z)",
  ];
  return sentences.map((because) => invalidValue(path, value, because));
};

const headerSentence =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', " +
  "regex used for validation is '[-A-Za-z0-9]+')";

/** A kube-apiserver tells of each header by the name of their list. */
const headersRule: Rule = (value, path) =>
  errorsOfItems(arrayOf(value), (header) => {
    const name = textOrEmpty(at(header, "name"));
    return name === undefined || /^[-A-Za-z0-9]+$/.test(name)
      ? []
      : [invalidValue(path, name, headerSentence)];
  });

export const execRule: Rule = fields({ command: required() });

/** The path has a default, "/", as the scheme has, "HTTP". */
export const httpGetRule: Rule = fields({
  port: portRule,
  scheme: oneOf("HTTP", "HTTPS"),
  httpHeaders: headersRule,
});

export const tcpSocketRule: Rule = fields({ port: portRule });

export const grpcRule: Rule = fields({ port: portNumber });

/**
 * What a kubelet does to a container, by one of several ways, each with its rule: "exec",
 * "httpGet". The first way that is there is looked at, the others are one too many.
 */
export function handlerRule(ways: Readonly<Record<string, Rule>>): Rule {
  const entries = Object.entries(ways);
  return whole((value, path): readonly FieldError[] => {
    const [first, ...others] = entries.filter(([name]) => isSet(value[name]));
    if (first === undefined) return [requiredValue(path, "must specify a handler type")];
    const [name, rule] = first;
    const because = "may not specify more than 1 handler type";
    return [
      ...rule(value[name], below(path, name)),
      ...others.map(([other]) => forbiddenField(below(path, other), because)),
    ];
  });
}
