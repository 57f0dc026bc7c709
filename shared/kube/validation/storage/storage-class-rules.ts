import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  requiredValue,
  tooLong,
} from "../../field-errors.ts";
import { arrayOf, at, canonicalJson, fieldsOf, isString, objectOf, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { fields, type ObjectRule, objectRule, oneOf, type Rule, required, text } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";

const parametersMax = 512;
const parameterBytesMax = 256 * 1024;

/** "disk.csi.azure.com": a qualified name, checked and told as if it were in lower case. */
export const provisioner: Rule = (value, path) => {
  const name = (textOf(value) ?? "").toLowerCase();
  return required(text(qualifiedNameErrors))(isString(value) ? name : value, path);
};

/** What a driver is told of a class; Kubernetes does not look into it. */
export const parameters: Rule = (value, path) => {
  const entries = fieldsOf(objectOf(value));
  if (entries.length > parametersMax) return [tooLong(path, parametersMax)];
  const bytes = entries.reduce(
    (sum, [key, each]) => sum + Buffer.byteLength(key) + Buffer.byteLength(textOf(each) ?? ""),
    0,
  );
  return [
    ...(entries.some(([key]) => key === "")
      ? [invalidValue(path, "", "field can not be empty.")]
      : []),
    ...(bytes > parameterBytesMax ? [tooLong(path, parameterBytesMax)] : []),
  ];
};

/** Where volumes may be: terms that differ, each with a set of values for a label. */
const allowedTopologies: Rule = (value, path) => {
  const terms = new Set<string>();
  return errorsOfItems(arrayOf(value), (term, index) => {
    const where = `${path}[${index}].matchLabelExpressions`;
    const expressions = arrayOf(at(term, "matchLabelExpressions"));
    const meaning = canonicalJson(expressions.map(sorted).map(canonicalJson).sort());
    const isRepeated = expressions.length > 0 && terms.has(meaning);
    terms.add(meaning);
    const repeated = isRepeated ? [duplicateValue(where, '""')] : [];
    return [...expressionErrors(expressions, where), ...repeated];
  });
};

function sorted(expression: Json): Json {
  const values = arrayOf(at(expression, "values")).filter(isString);
  return { key: at(expression, "key") ?? "", values: [...new Set(values)].sort() };
}

function expressionErrors(expressions: readonly Json[], path: string): readonly FieldError[] {
  const keys = new Set<string>();
  return errorsOfItems(expressions, (expression, index) => {
    const where = `${path}[${index}]`;
    const key = textOf(at(expression, "key")) ?? "";
    const isRepeated = keys.has(key);
    keys.add(key);
    return [
      ...valueErrors(at(expression, "values"), `${where}.values`),
      ...qualifiedNameErrors(key).map((because) => invalidValue(`${where}.key`, key, because)),
      ...(isRepeated ? [duplicateValue(`${where}.key`, JSON.stringify(key))] : []),
    ];
  });
}

function valueErrors(values: Json | undefined, path: string): readonly FieldError[] {
  const seen = new Set<Json>();
  const given = arrayOf(values);
  if (given.length === 0) return [requiredValue(path)];
  return errorsOfItems(given, (value, index) => {
    const isRepeated = seen.has(value);
    seen.add(value);
    return isRepeated ? [duplicateValue(`${path}[${index}]`, JSON.stringify(value))] : [];
  });
}

/** A field that stays as it was, in the words for classes. */
export function noUpdates(field: string, otherwise: Json): ObjectRule {
  return (object, before) => {
    const [now, then] = [object, before].map((each) => at(each, field) ?? otherwise);
    if (meansTheSame(now, then)) return [];
    return [forbiddenField(field, `updates to ${field} are forbidden.`)];
  };
}

const fixedBinding: ObjectRule = (object, before) => {
  const [now, then] = [object, before].map((each) => at(each, "volumeBindingMode") ?? "Immediate");
  if (now === undefined || meansTheSame(now, then)) return [];
  return [invalidValue("volumeBindingMode", now, "field is immutable")];
};

/**
 * A `storage.k8s.io/v1 StorageClass`: who makes volumes, and how. Most of it stays as it was, so
 * that volumes of a class are alike.
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
 */
export const storageClassRules: ObjectRule = objectRule(
  fields({
    provisioner,
    parameters,
    reclaimPolicy: oneOf("Delete", "Retain"),
    volumeBindingMode: oneOf("Immediate", "WaitForFirstConsumer"),
    allowedTopologies,
  }),
  noUpdates("parameters", {}),
  noUpdates("provisioner", ""),
  noUpdates("reclaimPolicy", "Delete"),
  fixedBinding,
);
