import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import type { Rule } from "../rule.ts";
import { textOrEmpty } from "../zero-values.ts";

const nameCharactersMax = 253;
const segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const namePattern = new RegExp(`^(${segment}[\\./])*${segment}$`);

/**
 * The kernel parameters of a pod: "securityContext.sysctls".
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
 */
export const sysctlsRule: Rule = (value, path) => {
  const seen = new Set<string>();
  return errorsOfItems(arrayOf(value), (sysctl, index): readonly FieldError[] => {
    const name = textOrEmpty(at(sysctl, "name"));
    if (name === undefined) return [];
    const where = `${path}[${index}].name`;
    const isRepeated = seen.has(name);
    seen.add(name);
    if (name === "") return [requiredValue(where)];
    if (name.length > nameCharactersMax || !namePattern.test(name)) {
      const pattern = `^(${segment}[\\./])*${segment}$`;
      const because =
        `must have at most ${nameCharactersMax} characters and match regex ` + `${pattern}`;
      return [invalidValue(where, name, because)];
    }
    return isRepeated ? [duplicateValue(where, JSON.stringify(name))] : [];
  });
};
