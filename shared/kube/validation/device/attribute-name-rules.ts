/** What attributes of devices are called: "model", "gpu.example.com/model". */
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import type { Rule } from "../rule.ts";
import { csiDriverName } from "../storage/csi-driver-name.ts";

const idBytesMax = 32;

const noIdentifier =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of " +
  "alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for " +
  "validation is '[A-Za-z_][A-Za-z0-9_]*')";

/** A name, that can have a domain. */
export const attributeName: Rule = (value, path) => {
  if (!isString(value)) return [];
  const slash = value.indexOf("/");
  if (slash === -1) return identifierErrors(value, path);
  const [domain, id] = [value.slice(0, slash), value.slice(slash + 1)];
  // Members differ in what they take of more slashes.
  if (id.includes("/")) return [];
  return [
    ...(domain === ""
      ? [requiredValue(path, "the domain must not be empty")]
      : csiDriverName(domain, path)),
    ...(id === ""
      ? [requiredValue(path, "the name must not be empty")]
      : identifierErrors(id, path)),
  ];
};

/** A name with its domain, as of devices of any driver. */
export const fullAttributeName: Rule = (value, path) => [
  ...attributeName(value, path),
  ...(isString(value) && !value.includes("/")
    ? [invalidValue(path, value, "must include a domain")]
    : []),
];

function identifierErrors(id: string, path: string): readonly FieldError[] {
  return [
    ...(Buffer.byteLength(id) > idBytesMax ? [tooLong(path, idBytesMax)] : []),
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(id) ? [] : [invalidValue(path, id, noIdentifier)]),
  ];
}
