import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import type { Rule } from "../rule.ts";

const modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** How a volume can be mounted; what is of one pod alone is so in no other way. */
export const accessModes: Rule = (value, path) => {
  const given = arrayOf(value);
  const hasOnePod = given.includes("ReadWriteOncePod");
  const hasOther = given.some((mode) => mode !== "ReadWriteOncePod" && isMode(mode));
  const together = "may not use ReadWriteOncePod with other access modes";
  return [
    ...errorsOfItems(given, (mode) =>
      isString(mode) && !isMode(mode) ? [unsupportedValue(path, mode, modes)] : [],
    ),
    ...(hasOnePod && hasOther ? [forbiddenField(path, together)] : []),
  ];
};

function isMode(mode: Parameters<typeof isString>[0]): boolean {
  return isString(mode) && modes.includes(mode);
}
