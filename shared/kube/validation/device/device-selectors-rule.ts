import { checkExpression } from "../../cel/admission/check-expression.ts";
import { deviceEnvironment } from "../../cel/admission/device-environment.ts";
import { otherResult } from "../../cel/admission/result-error.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { each, fields, first, itemsAtMost, type Rule, whole } from "../rule.ts";
import { isSet, orEmpty } from "../zero-values.ts";

const selectorsMax = 32;
const expressionBytesMax = 10 * 1024;

const size: Rule = (value, path) =>
  isString(value) && Buffer.byteLength(value) > expressionBytesMax
    ? [tooLong(path, expressionBytesMax)]
    : [];

/** What it says of a device is true or false, or known where the devices are. */
const compiles: Rule = (value, path) => {
  if (!isString(value)) return [];
  const scope = { environment: deviceEnvironment(), variables: new Map<string, string>() };
  const checked = checkExpression(value, scope);
  if (checked.kind === "refused") return [invalidValue(path, value, checked.because)];
  const found = otherResult(checked, ["bool"]);
  const because = `must evaluate to bool or the unknown type, not ${found}`;
  return found === undefined ? [] : [invalidValue(path, value, because)];
};

const expression: Rule = first(size, orEmpty(compiles));

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
