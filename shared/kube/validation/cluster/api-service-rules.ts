import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at, isObject, isString, objectOf, textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { number, type ObjectRule, type Rule, required, struct } from "../rule.ts";
import { anyText, orEmpty, orZero } from "../zero-values.ts";
import { serviceReferencePort } from "./service-reference-port.ts";

/** It is called after what it serves: "v1.metrics.k8s.io". */
function wrongName(object: KubeObject): readonly FieldError[] {
  const { name } = object.metadata;
  const [version, group] = [at(object, "spec", "version") ?? "", at(object, "spec", "group") ?? ""];
  if (!isString(name) || !isString(version) || !isString(group)) return [];
  const expected = `${version}.${group}`;
  // What is no name at all is told of as such.
  if (name === "" || name === expected || nameErrors("path-segment", name).length > 0) return [];
  const because = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`;
  return [invalidValue("metadata.name", name, because)];
}

const groupErrors: Rule = (spec, path) => {
  const group = textOf(at(spec, "group")) ?? "";
  if (group === "" && at(spec, "version") === "v1") return [];
  const because = "only v1 may have an empty group and it better be legacy kube";
  if (group === "") return [requiredValue(`${path}.group`, because)];
  return nameErrors("dns-subdomain", group).map((error) =>
    invalidValue(`${path}.group`, group, error),
  );
};

function priority(max: number): Rule {
  const sentence = `must be positive and less than ${max}`;
  return orZero(number((value) => (value > 0 && value <= max ? [] : [sentence])));
}

const contentRule: Rule = struct({
  version: orEmpty(anyText((value) => nameErrors("dns-1035-label", value))),
  groupPriorityMinimum: priority(20_000),
  versionPriority: priority(1_000),
});

const serviceRule: Rule = struct({
  namespace: required(),
  name: required(),
  port: serviceReferencePort,
});

/** Groups that the server has itself are reached without a service, so nothing is checked there. */
function localErrors(spec: JsonObject): readonly FieldError[] {
  const bytes = certificateBytes(spec);
  const isInsecure = spec["insecureSkipTLSVerify"] === true;
  const noBundle = "local APIServices may not have a caBundle";
  const noSkip = "local APIServices may not have insecureSkipTLSVerify";
  return [
    ...(bytes > 0 ? [invalidValue("spec.caBundle", `${bytes} bytes`, noBundle)] : []),
    ...(isInsecure ? [invalidValue("spec.insecureSkipTLSVerify", true, noSkip)] : []),
  ];
}

function remoteErrors(spec: JsonObject): readonly FieldError[] {
  const isInsecure = spec["insecureSkipTLSVerify"] === true && certificateBytes(spec) > 0;
  const because = "may not be true if caBundle is present";
  return [
    ...serviceRule(spec["service"], "spec.service"),
    ...(isInsecure ? [invalidValue("spec.insecureSkipTLSVerify", true, because)] : []),
  ];
}

function certificateBytes(spec: JsonObject): number {
  return Buffer.byteLength(textOf(spec["caBundle"]) ?? "", "base64");
}

/**
 * What an APIService must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/
 */
export const apiServiceRules: ObjectRule = (object) => {
  const spec = objectOf(object["spec"]);
  return [
    ...wrongName(object),
    ...groupErrors(spec, "spec"),
    ...contentRule(spec, "spec"),
    ...(isObject(spec["service"]) ? remoteErrors(spec) : localErrors(spec)),
  ];
};
