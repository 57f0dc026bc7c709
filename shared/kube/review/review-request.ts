import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, isObject, isString, objectOf, textOf } from "../json.ts";
import type { AccessAttributes, KubeCaller } from "../kube-api.ts";
import { textsOf } from "../rbac/policy-rule.ts";
import { selectedName } from "../selector/selected-name.ts";

/** Whom a SubjectAccessReview is about, as its `spec` says. */
export type ReviewedUser = KubeCaller;

export function reviewedUser(spec: JsonObject): ReviewedUser {
  const uid = textOf(spec["uid"]) ?? "";
  const extra = fieldsOf(objectOf(spec["extra"])).map(([name, values]) => [name, textsOf(values)]);
  return {
    name: textOf(spec["user"]) ?? "",
    ...(uid !== "" && { uid }),
    groups: textsOf(spec["groups"]),
    ...(extra.length > 0 && {
      extra: Object.fromEntries(extra) as Readonly<Record<string, readonly string[]>>,
    }),
  };
}

/** What the review asks for. A list that a field selector narrows to one name is of that name. */
export function askedAttributes(spec: JsonObject): AccessAttributes {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (!isObject(resourceAttributes)) {
    const { path, verb } = objectOf(nonResourceAttributes);
    return { kind: "path", verb: textOf(verb) ?? "", path: textOf(path) ?? "" };
  }
  const { verb, group, resource, subresource, namespace, fieldSelector } = resourceAttributes;
  const isList = verb === "list" || verb === "watch";
  const given = textOf(resourceAttributes["name"]) ?? "";
  const name = given === "" && isList ? nameIn(objectOf(fieldSelector)) : given;
  return {
    kind: "resource",
    verb: textOf(verb) ?? "",
    group: textOf(group) ?? "",
    resource: textOf(resource) ?? "",
    ...(isFilled(subresource) && { subresource }),
    ...(isFilled(namespace) && { namespace }),
    ...(isFilled(name) && { name }),
  };
}

function isFilled(value: Json | undefined): value is string {
  return isString(value) && value !== "";
}

function nameIn({ rawSelector, requirements }: JsonObject): string | undefined {
  if (isFilled(rawSelector)) return selectedName(rawSelector);
  const named = arrayOf(requirements)
    .map(objectOf)
    .find(({ key, operator }) => key === "metadata.name" && operator === "In");
  const values = textsOf(named?.["values"]);
  return values.length === 1 ? values[0] : undefined;
}
