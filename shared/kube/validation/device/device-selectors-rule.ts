import { requiredValue, tooLong } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { each, fields, first, itemsAtMost, type Rule, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";

const selectorsMax = 32;
const expressionBytesMax = 10 * 1024;

/** The expression is read where the devices are. */
const expression: Rule = (value, path) =>
  isString(value) && Buffer.byteLength(value) > expressionBytesMax
    ? [tooLong(path, expressionBytesMax)]
    : [];

const celRule: Rule = fields({ expression });

/** By what devices are chosen: "selectors". */
export const deviceSelectorsRule: Rule = first(
  itemsAtMost(selectorsMax),
  each(
    whole(({ cel }, path) =>
      isSet(cel) ? celRule(cel, `${path}.cel`) : [requiredValue(`${path}.cel`)],
    ),
  ),
);
