import { invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { fields, type Rule, required, text } from "../rule.ts";

/** "rules.example.com/v1": a group and a version, or a version alone. */
const apiVersion: Rule = (value, path) => {
  if (!isString(value)) return [];
  const parts = value.split("/");
  const version = parts.at(-1) ?? "";
  const group = parts.length === 2 ? (parts[0] ?? "") : "";
  if (parts.length > 2) {
    return [invalidValue(path, value, `unexpected GroupVersion string: ${value}`)];
  }
  return [
    ...(group === "" ? [] : joined(path, group, nameErrors("dns-subdomain", group))),
    ...(version === ""
      ? [invalidValue(path, value, "version must be specified")]
      : joined(path, version, nameErrors("dns-1035-label", version))),
  ];
};

function joined(path: string, value: string, errors: readonly string[]): readonly FieldError[] {
  return errors.length === 0 ? [] : [invalidValue(path, value, errors.join(","))];
}

const kind = text((value) => {
  const errors = nameErrors("dns-1035-label", value.toLowerCase());
  const start = "may have mixed case, but should otherwise match: ";
  return errors.length === 0 ? [] : [`${start}${errors.join(",")}`];
});

/**
 * Of which kind the parameters of an admission policy are: "spec.paramKind".
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const paramKindRule: Rule = fields({
  apiVersion: required(apiVersion),
  kind: required(kind),
});
