import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { isObject, objectOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { between } from "../number-rules.ts";
import { isMissing, type Rule, required, text } from "../rule.ts";
import { portName } from "../text-rules.ts";
import { localReferenceRule } from "./local-reference-rule.ts";

const portRange = between(1, 65_535);

/** Newer clusters take any DNS label; what is none is told in the words of the older ones. */
const serviceName = required(
  text((value) =>
    nameErrors("dns-label", value).length === 0 ? [] : nameErrors("dns-1035-label", value),
  ),
);

/** Where requests go: a port of a Service, or another object. */
export const ingressBackendRule: Rule = (value, path) => {
  const { service, resource } = objectOf(value);
  if (!isMissing(service) && !isMissing(resource)) {
    return [invalidValue(path, "", "cannot set both resource and service backends")];
  }
  if (isMissing(service) && isMissing(resource)) {
    return [invalidValue(path, "", "resource or service backend is required")];
  }
  if (isObject(resource)) return localReferenceRule(resource, `${path}.resource`);
  if (!isObject(service)) return [];
  return [
    ...serviceName(service["name"], `${path}.service.name`),
    ...servicePortErrors(objectOf(service["port"]), path),
  ];
};

function servicePortErrors(port: JsonObject, path: string): readonly FieldError[] {
  const { name, number } = port;
  const hasName = !isMissing(name);
  const hasNumber = !isMissing(number) && number !== 0;
  if (hasName && hasNumber) {
    return [invalidValue(path, "", "cannot set both port name & port number")];
  }
  if (hasName) return portName(name, `${path}.service.port.name`);
  if (hasNumber) return portRange(number, `${path}.service.port.number`);
  return [requiredValue(path, "port name or number is required")];
}
