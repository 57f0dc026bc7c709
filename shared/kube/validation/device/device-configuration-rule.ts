import { tooLong } from "../../field-errors.ts";
import { isObject } from "../../json.ts";
import { fields, type Rule, required } from "../rule.ts";
import { csiDriverName } from "../storage/csi-driver-name.ts";

const parametersBytesMax = 10 * 1024;

const parametersSize: Rule = (value, path) =>
  isObject(value) && Buffer.byteLength(JSON.stringify(value)) > parametersBytesMax
    ? [tooLong(path, parametersBytesMax)]
    : [];

/** What a driver is told about devices, in its own words: one of "config". */
export const deviceConfigurationRule: Rule = fields({
  opaque: required(fields({ driver: csiDriverName, parameters: required(parametersSize) })),
});
