import type { Json } from "../../lib/kube-object.ts";
import { errorsOfItems } from "../errors-of-items.ts";
import { invalidValue, tooLong } from "../field-errors.ts";
import { fieldsOf, objectOf, printed } from "../json.ts";
import type { FieldError } from "../served-kind.ts";
import { labelValueErrors, qualifiedNameErrors } from "./name-rules.ts";

/** All keys and values of an object's annotations together. */
const annotationBytesMax = 256 * 1024;

/** What is wrong with labels, in the words of Kubernetes: each a qualified name with a value. */
export function labelErrors(labels: Json | undefined, field: string): readonly FieldError[] {
  return errorsOfItems(fieldsOf(objectOf(labels)), ([key, value]) => [
    ...qualifiedNameErrors(key).map((error) => invalidValue(field, key, error)),
    ...labelValueErrors(printed(value)).map((error) => invalidValue(field, value, error)),
  ]);
}

/** What is wrong with annotations, whose keys are checked as if they were in lower case. */
export function annotationErrors(
  annotations: Json | undefined,
  field: string,
): readonly FieldError[] {
  const entries = fieldsOf(objectOf(annotations));
  const errors = errorsOfItems(entries, ([key]) =>
    qualifiedNameErrors(key.toLowerCase()).map((error) => invalidValue(field, key, error)),
  );
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(printed(value)),
    0,
  );
  return bytes <= annotationBytesMax ? errors : [...errors, tooLong(field, annotationBytesMax)];
}
