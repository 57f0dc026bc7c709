import { invalidValue, tooLong } from "../../field-errors.ts";
import { textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import { type Rule, required } from "../rule.ts";

const bytesMax = 63;

/** The name of a CSI driver, in any case: "disk.csi.azure.com". */
export const csiDriverName: Rule = (value, path) => {
  const name = textOf(value) ?? "";
  return [
    ...required()(value, path),
    ...(name.length > bytesMax ? [tooLong(path, bytesMax)] : []),
    ...nameErrors("dns-subdomain", name.toLowerCase()).map((because) =>
      invalidValue(path, name, because),
    ),
  ];
};
