import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, at, fieldsOf, isString, objectOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";

/**
 * The keys whose values a pod takes into its own selector: "matchLabelKeys", "mismatchLabelKeys"
 * and "labelSelector" of a term.
 *
 * They are judged as they stand in a template. The keys of a Pod are merged into its selector when
 * the Pod is created, so a member can still refuse a key that the selector names once.
 */
export const matchLabelKeysRule: Rule = whole((term, path) => [
  ...labelKeyErrors(term, "matchLabelKeys", path),
  ...labelKeyErrors(term, "mismatchLabelKeys", path),
  ...selectedTwice(term, path),
  ...matchedAndMismatched(term, path),
]);

function labelKeyErrors(term: JsonObject, name: string, path: string): readonly FieldError[] {
  const keys = arrayOf(term[name]);
  if (keys.length === 0) return [];
  if (!isSet(term["labelSelector"])) {
    const because = "must not be specified when labelSelector is not set";
    return [forbiddenField(`${path}.${name}`, because)];
  }
  return errorsOfItems(keys, (key, index) =>
    isString(key)
      ? qualifiedNameErrors(key).map((because) =>
          invalidValue(`${path}.${name}[${index}]`, key, because),
        )
      : [],
  );
}

/** A kube-apiserver names the key by its index below the term, without the name of the list. */
function selectedTwice(term: JsonObject, path: string): readonly FieldError[] {
  const selector = term["labelSelector"];
  const indexes = new Map<Json, number>(
    arrayOf(term["matchLabelKeys"]).map((key, index) => [key, index]),
  );
  const seen = new Set<Json>(fieldsOf(objectOf(at(selector, "matchLabels"))).map(([key]) => key));
  return errorsOfItems(arrayOf(at(selector, "matchExpressions")), (expression) => {
    const key = at(expression, "key") ?? "";
    const index = indexes.get(key);
    const isRepeated = seen.has(key);
    seen.add(key);
    if (index === undefined || !isRepeated) return [];
    const because = "exists in both matchLabelKeys and labelSelector";
    return [invalidValue(`${path}[${index}]`, key, because)];
  });
}

function matchedAndMismatched(term: JsonObject, path: string): readonly FieldError[] {
  const mismatched = new Set(arrayOf(term["mismatchLabelKeys"]));
  return errorsOfItems(arrayOf(term["matchLabelKeys"]), (key, index) => {
    if (!mismatched.has(key)) return [];
    const because = "exists in both matchLabelKeys and mismatchLabelKeys";
    return [invalidValue(`${path}.matchLabelKeys[${index}]`, key, because)];
  });
}
