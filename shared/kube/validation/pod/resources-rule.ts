import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { fieldsOf, objectOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type CanonicalQuantity, canonicalQuantity, wholeUnits } from "../canonical-quantity.ts";
import { type Rule, whole } from "../rule.ts";
import {
  canBeOvercommitted,
  containerResourceErrors,
  isExtendedResource,
  isHugePages,
} from "./resource-names.ts";

/**
 * What a container needs and may use: "spec.containers[0].resources".
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export const resourcesRule: Rule = whole((resources, path) => {
  const limits = objectOf(resources["limits"]);
  const requests = objectOf(resources["requests"]);
  return [
    ...errorsOfItems(fieldsOf(limits), ([name, value]) => [
      ...nameAndSizeErrors(name, value, `${path}.limits[${name}]`),
      ...hugePagesErrors(name, value, `${path}.limits[${name}]`),
    ]),
    ...errorsOfItems(fieldsOf(requests), ([name, value]) => [
      ...nameAndSizeErrors(name, value, `${path}.requests[${name}]`),
      ...requestErrors(name, { value, limits, path }),
      ...hugePagesErrors(name, value, `${path}.requests[${name}]`),
    ]),
    ...hugePagesAlone([...Object.keys(limits), ...Object.keys(requests)], path),
  ];
});

function nameAndSizeErrors(name: string, value: Json, where: string): readonly FieldError[] {
  const wrongName = containerResourceErrors(name).map((because) =>
    invalidValue(where, name, because),
  );
  const quantity = canonicalQuantity(value);
  if (quantity === undefined) return wrongName;
  const wrongSize = sizeErrors(name, quantity).map((because) =>
    invalidValue(where, quantity.text, because),
  );
  return [...wrongName, ...wrongSize];
}

function sizeErrors(name: string, { nanos }: CanonicalQuantity): readonly string[] {
  const errors: string[] = [];
  if (nanos < 0n) errors.push("must be greater than or equal to 0");
  // What is finer than a thousandth has been rounded up.
  if (isExtendedResource(name) && wholeUnits(nanos * 1000n) % 1000n !== 0n) {
    errors.push("must be an integer");
  }
  return errors;
}

/** A request is told by "requests" alone, as a kube-apiserver does, and a missing limit too. */
function requestErrors(
  name: string,
  { value, limits, path }: { readonly value: Json; readonly limits: JsonObject; path: string },
): readonly FieldError[] {
  const where = `${path}.requests`;
  if (!Object.hasOwn(limits, name)) {
    const because = "Limit must be set for non overcommitable resources";
    return canBeOvercommitted(name) ? [] : [requiredValue(`${path}.limits`, because)];
  }
  const request = canonicalQuantity(value);
  const limit = canonicalQuantity(limits[name]);
  if (request === undefined || limit === undefined || request.nanos === limit.nanos) return [];
  if (!canBeOvercommitted(name)) {
    const because = `must be equal to ${name} limit of ${limit.text}`;
    return [invalidValue(where, request.text, because)];
  }
  const because = `must be less than or equal to ${name} limit of ${limit.text}`;
  return request.nanos > limit.nanos ? [invalidValue(where, request.text, because)] : [];
}

/** Pages are given out whole: "hugepages-2Mi: 3Mi" cannot be. */
function hugePagesErrors(name: string, value: Json, where: string): readonly FieldError[] {
  const quantity = isHugePages(name) ? canonicalQuantity(value) : undefined;
  if (quantity === undefined) return [];
  const page = canonicalQuantity(name.slice("hugepages-".length))?.nanos ?? 0n;
  const pageSize = page > 0n && wholeUnits(page * 1000n) % 1000n === 0n ? wholeUnits(page) : 0n;
  if (pageSize > 0n && wholeUnits(quantity.nanos) % pageSize === 0n) return [];
  const because = `${quantity.text} is not positive integer multiple of ${name}`;
  return [invalidValue(where, quantity.text, because)];
}

function hugePagesAlone(names: readonly string[], path: string): readonly FieldError[] {
  const hasOthers = names.includes("cpu") || names.includes("memory");
  return names.some(isHugePages) && !hasOthers
    ? [forbiddenField(path, "HugePages require cpu or memory")]
    : [];
}
