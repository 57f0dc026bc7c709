import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at } from "../../json.ts";
import { containerResourceFieldRefRule, fieldRefRule } from "../pod/field-ref-rules.ts";
import { all, fields, type Rule, required, whole } from "../rule.ts";
import { isThere } from "../zero-values.ts";
import { fileMode, filePath } from "./file-rules.ts";

/** What files can tell of a pod, in the order of the sentence. */
const toldFields = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

const fieldRef = fieldRefRule(toldFields);

const origin: Rule = whole((value, path) => {
  const container = value["resourceFieldRef"];
  if (!isThere(value, "fieldRef")) {
    if (isThere(value, "resourceFieldRef")) {
      return containerResourceFieldRefRule(container, `${path}.resourceFieldRef`);
    }
    return [requiredValue(path, "one of fieldRef and resourceFieldRef is required")];
  }
  const both = "fieldRef and resourceFieldRef can not be specified simultaneously";
  return [
    ...fieldRef(value["fieldRef"], `${path}.fieldRef`),
    ...(isThere(value, "resourceFieldRef") ? [invalidValue(path, "resource", both)] : []),
  ];
});

/** One file about a pod, told at the path of its source: "volumes[0].downwardAPI.path". */
const downwardApiFile: Rule = all(
  fields({ path: required(filePath) }),
  origin,
  fields({ mode: fileMode }),
);

/** Files that tell a pod of itself, in a projected volume or one of their own. */
export const downwardApiFiles: Rule = (value, path) =>
  errorsOfItems(arrayOf(at(value, "items")), (file) => downwardApiFile(file, path));

export const downwardApiSource: Rule = all(fields({ defaultMode: fileMode }), downwardApiFiles);
