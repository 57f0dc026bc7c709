import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from "../field-errors.ts";
import { arrayOf, at, isObject, isString, objectOf, printed, textOf } from "../json.ts";
import { wrongName } from "../object/name-rules.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";
import { isTrue } from "./definition-conditions.ts";
import { namesErrors } from "./names-rules.ts";
import { versionErrors } from "./version-rules.ts";

/**
 * What is wrong with a CustomResourceDefinition, in the words of a kube-apiserver (1.34). `before`
 * is left out on create.
 *
 * @see https://pkg.go.dev/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1
 */
export function definitionErrors(
  definition: KubeObject,
  before?: KubeObject,
): readonly FieldError[] {
  const spec = objectOf(definition["spec"]);
  return [
    ...metadataErrors(definition, spec),
    ...groupErrors(spec["group"]),
    ...scopeErrors(spec["scope"]),
    ...versionErrors(spec, objectOf(before?.["spec"])),
    ...namesErrors(objectOf(spec["names"]), "spec.names"),
    ...unknownFieldErrors(spec),
    ...conversionErrors(spec["conversion"]),
    ...(before === undefined ? [] : changeErrors(definition, before)),
  ];
}

function metadataErrors({ metadata }: KubeObject, spec: JsonObject): readonly FieldError[] {
  const plural = textOf(at(spec, "names", "plural")) ?? "";
  const group = textOf(spec["group"]) ?? "";
  const name = metadata["name"] ?? "";
  const because = 'must be spec.names.plural+"."+spec.group';
  return [
    // Who has no name at all is told of that alone.
    ...(name === "" || name === `${plural}.${group}`
      ? []
      : [invalidValue("metadata.name", name, because)]),
    ...approvalErrors(metadata, group),
  ];
}

const approval = "api-approved.kubernetes.io";

/** Kubernetes' own groups are for what its reviewers have approved. */
function approvalErrors(metadata: JsonObject, group: string): readonly FieldError[] {
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  if (!isProtected || textOf(at(metadata["annotations"], approval)) !== undefined) return [];
  const because =
    `protected groups must have approval annotation "${approval}", see ` +
    "https://github.com/kubernetes/enhancements/pull/1111";
  return [requiredValue(`metadata.annotations[${approval}]`, because)];
}

function groupErrors(group: Json | undefined): readonly FieldError[] {
  if (!isString(group) || group === "") return [requiredValue("spec.group")];
  const wrong = wrongName("dns-subdomain", group);
  if (wrong !== undefined) return [invalidValue("spec.group", group, wrong)];
  const because = "should be a domain with at least one dot";
  return group.includes(".") ? [] : [invalidValue("spec.group", group, because)];
}

const scopes = ["Cluster", "Namespaced"];

function scopeErrors(scope: Json | undefined): readonly FieldError[] {
  if (scope === undefined || scope === "") return [requiredValue("spec.scope")];
  return scopes.includes(printed(scope)) ? [] : [unsupportedValue("spec.scope", scope, scopes)];
}

function unknownFieldErrors(spec: JsonObject): readonly FieldError[] {
  if (spec["preserveUnknownFields"] !== true) return [];
  const because =
    "cannot set to true, set x-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalidValue("spec.preserveUnknownFields", true, because)];
}

/** All versions are stored and served as they come: there is no webhook to convert them. */
function conversionErrors(conversion: Json | undefined): readonly FieldError[] {
  if (!isObject(conversion)) return [];
  const field = "spec.conversion.strategy";
  const strategy = conversion["strategy"];
  if (strategy === "None") {
    const because = "should not be set when strategy is not set to Webhook";
    return conversion["webhook"] === undefined
      ? []
      : [forbiddenField("spec.conversion.webhook", because)];
  }
  if (!isString(strategy) || strategy === "") return [requiredValue(field)];
  if (strategy !== "Webhook") return [unsupportedValue(field, strategy, ["None", "Webhook"])];
  return [invalidValue(field, strategy, 'conversion webhooks are not called here: must be "None"')];
}

function changeErrors(definition: KubeObject, before: KubeObject): readonly FieldError[] {
  const established = isTrue(before, "Established");
  const fields = [
    ...(established ? [["scope"], ["names", "kind"]] : []),
    ["group"],
    ["names", "plural"],
  ];
  const changed = fields.flatMap((path): readonly FieldError[] => {
    const value = at(definition["spec"], ...path);
    if (value === at(before["spec"], ...path)) return [];
    return [invalidValue(["spec", ...path].join("."), value ?? "", "field is immutable")];
  });
  return [...changed, ...storedVersionErrors(definition)];
}

/** Objects may still be stored as a version that was stored once. */
function storedVersionErrors(definition: KubeObject): readonly FieldError[] {
  const all = arrayOf(at(definition["spec"], "versions"));
  const versions = all.map((each) => at(each, "name"));
  const stored = arrayOf(at(definition["status"], "storedVersions"));
  const field = "status.storedVersions";
  if (stored.length === 0)
    return [invalidValue(field, [], "must have at least one stored version")];
  const missing = all
    .filter((each) => at(each, "storage") === true && !stored.includes(at(each, "name") ?? null))
    .map((each) => `must have the storage version ${printed(at(each, "name"))}`);
  const gone = stored.flatMap((name, index) => {
    if (versions.includes(name)) return [];
    const because =
      `missing from spec.versions; ${printed(name)} was previously a storage version, and must ` +
      "remain in spec.versions until a storage migration ensures no data remains persisted in " +
      `${printed(name)} and removes ${printed(name)} from status.storedVersions`;
    return [invalidValue(`${field}[${index}]`, name, because)];
  });
  return [...missing.map((because) => invalidValue(field, stored, because)), ...gone];
}
