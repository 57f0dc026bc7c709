import { invalidValue } from "../../field-errors.ts";
import { textOf } from "../../json.ts";
import { configKeyErrors, nameErrors } from "../../object/name-rules.ts";
import { all, each, fields, type Rule, required, text, whole } from "../rule.ts";
import { dnsSubdomain, envVarName } from "../text-rules.ts";
import { fieldRefRule, resourceFieldRefRule } from "./field-ref-rules.ts";

/** What the downward API can tell a container in a variable, in the order of the sentence. */
const toldFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** A key of a ConfigMap or a Secret, whose name Go takes for "" when it is absent. */
const keyOfObject = fields({
  name: (value, path) =>
    nameErrors("dns-subdomain", textOf(value) ?? "").map((because) =>
      invalidValue(path, textOf(value) ?? "", because),
    ),
  key: required(text(configKeyErrors)),
});

/** Where the value of a variable can come from. */
const sourceNames = [
  "fieldRef",
  "resourceFieldRef",
  "configMapKeyRef",
  "secretKeyRef",
  "fileKeyRef",
];

const sourceCount = whole((variable, path) => {
  const source = variable["valueFrom"];
  return whole((value) => {
    const count = sourceNames.filter((name) => value[name] !== undefined).length;
    const hasValue = (textOf(variable["value"]) ?? "") !== "";
    if (count === 0) {
      const names = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
      return [invalidValue(`${path}.valueFrom`, "", `must specify one of: ${names}`)];
    }
    if (hasValue) {
      const because = "may not be specified when `value` is not empty";
      return [invalidValue(`${path}.valueFrom`, "", because)];
    }
    const because = "may not have more than one field specified at a time";
    return count > 1 ? [invalidValue(`${path}.valueFrom`, "", because)] : [];
  })(source, path);
});

/** The environment variables of a container: "spec.containers[0].env". */
export const envRule: Rule = each(
  all(
    fields({
      name: required(envVarName),
      valueFrom: fields({
        fieldRef: fieldRefRule(toldFields),
        resourceFieldRef: resourceFieldRefRule,
        configMapKeyRef: keyOfObject,
        secretKeyRef: keyOfObject,
      }),
    }),
    sourceCount,
  ),
);

const oneOrigin = whole((value, path) => {
  const count = ["configMapRef", "secretRef"].filter((name) => value[name] !== undefined).length;
  if (count === 1) return [];
  const because =
    count === 0
      ? "must specify one of: `configMapRef` or `secretRef`"
      : "may not have more than one field specified at a time";
  return [invalidValue(path, "", because)];
});

const origin = fields({ name: required(dnsSubdomain) });

/** Whole ConfigMaps and Secrets as variables: "spec.containers[0].envFrom". */
export const envFromRule: Rule = each(
  all(fields({ prefix: envVarName, configMapRef: origin, secretRef: origin }), oneOrigin),
);
