import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, oneOf, type Rule, required } from "../rule.ts";
import { strictlyOneOf } from "../zero-values.ts";

/** "*" is all there is, so it stands alone. */
function wildcardAlone(others: string): Rule {
  const because = `if '*' is present, must not specify other ${others}`;
  return (value, path) => {
    const items = arrayOf(value);
    return items.length > 1 && items.includes("*") ? [invalidValue(path, items, because)] : [];
  };
}

const notEmpty: Rule = (value, path) => (value === "" ? [requiredValue(path)] : []);

/** "pods", "pods/log", "pods/*" (all that pods have), "*" and "*" + "/scale". */
function resourceErrors(value: Json | undefined, path: string): readonly FieldError[] {
  const resources = arrayOf(value);
  const all = resources.length > 1 && resources.includes("*/*");
  const plain = resources.filter((each) => isString(each) && each !== "" && !each.includes("/"));
  // A kube-apiserver looks at the last of those without a part alone.
  const isMixed = plain.includes("*") && plain.at(-1) !== "*";
  const noOthers = "if '*/*' is present, must not specify other resources";
  const noPlain = "if '*' is present, must not specify other resources without subresources";
  return [
    ...coveredErrors(resources, path),
    ...(all ? [invalidValue(path, resources, noOthers)] : []),
    ...(isMixed ? [invalidValue(path, resources, noPlain)] : []),
  ];
}

/** What is named after a wildcard that has it already. */
function coveredErrors(resources: readonly Json[], path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return errorsOfItems(resources, (resource, index) => {
    if (resource === "") return [requiredValue(`${path}[${index}]`)];
    if (!isString(resource) || !resource.includes("/")) return [];
    const slash = resource.indexOf("/");
    const [whole, part] = [resource.slice(0, slash), resource.slice(slash + 1)];
    const wildcards = [`${whole}/*`, `*/${part}`].filter((each) => seen.has(each));
    if (whole === "*" || part === "*") seen.add(resource);
    return wildcards.map((wildcard) =>
      invalidValue(
        `${path}[${index}]`,
        resource,
        `if '${wildcard}' is present, must not specify ${resource}`,
      ),
    );
  });
}

const operation = strictlyOneOf("*", "CONNECT", "CREATE", "DELETE", "UPDATE");

/**
 * Which operations on which resources a webhook is asked about.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const webhookOperationsRule: Rule = fields({
  operations: required(all(wildcardAlone("operations"), each(operation))),
  apiGroups: required(wildcardAlone("API groups")),
  apiVersions: required(all(wildcardAlone("API versions"), each(notEmpty))),
  resources: required(resourceErrors),
  scope: oneOf("*", "Cluster", "Namespaced"),
});
