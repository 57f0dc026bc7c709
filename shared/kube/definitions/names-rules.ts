import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import { arrayOf, isString } from "../json.ts";
import { wrongName } from "../object/name-rules.ts";
import type { FieldError } from "../served-kind.ts";

/** What is wrong with the names of a resource: each is a label that starts with a letter. */
export function namesErrors(names: JsonObject, path: string): readonly FieldError[] {
  const { kind, listKind } = names;
  const required = ["plural", "singular", "kind", "listKind"]
    .filter((name) => !isString(names[name]) || names[name] === "")
    .map((name) => requiredValue(`${path}.${name}`));
  const same =
    isString(kind) && kind !== "" && kind === listKind
      ? [invalidValue(`${path}.listKind`, kind, "kind and listKind may not be the same")]
      : [];
  return [
    ...required,
    ...labelErrors(names["plural"], `${path}.plural`),
    ...labelErrors(names["singular"], `${path}.singular`),
    ...kindErrors(kind, `${path}.kind`),
    ...kindErrors(listKind, `${path}.listKind`),
    ...listErrors(names["shortNames"], `${path}.shortNames`),
    ...same,
    ...listErrors(names["categories"], `${path}.categories`),
  ];
}

function listErrors(labels: Json | undefined, path: string): readonly FieldError[] {
  return arrayOf(labels).flatMap((label, index) => labelErrors(label, `${path}[${index}]`));
}

function labelErrors(label: Json | undefined, path: string): readonly FieldError[] {
  if (!isString(label) || label === "") return [];
  const wrong = wrongName("dns-1035-label", label);
  return wrong === undefined ? [] : [invalidValue(path, label, wrong)];
}

function kindErrors(kind: Json | undefined, path: string): readonly FieldError[] {
  if (!isString(kind) || kind === "") return [];
  const wrong = wrongName("dns-1035-label", kind.toLowerCase());
  const because = `may have mixed case, but should otherwise match: ${wrong}`;
  return wrong === undefined ? [] : [invalidValue(path, kind, because)];
}
