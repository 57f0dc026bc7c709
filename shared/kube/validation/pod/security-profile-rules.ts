import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, fields, type Rule, required, whole } from "../rule.ts";
import { relativePath } from "../text-rules.ts";
import { isSet, strictlyOneOf, textOrEmpty } from "../zero-values.ts";

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

function typeRule(field: string): Rule {
  const because = `type is required when ${field} is set`;
  return fields({ type: required(strictlyOneOf(...profileTypes), because) });
}

/**
 * Which system calls a container may make: "securityContext.seccompProfile".
 *
 * @see https://kubernetes.io/docs/tutorials/security/seccomp/
 */
export const seccompProfileRule: Rule = all(
  typeRule("seccompProfile"),
  whole((profile, path) => {
    const { type, localhostProfile } = profile;
    const where = `${path}.localhostProfile`;
    const asked = textOrEmpty(type);
    if (asked === undefined) return [];
    if (asked !== "Localhost") {
      const because = "can only be set when seccomp type is Localhost";
      return isSet(localhostProfile) ? [invalidValue(where, profile, because)] : [];
    }
    return isSet(localhostProfile)
      ? relativePath(localhostProfile, where)
      : [requiredValue(where, "must be set when seccomp type is Localhost")];
  }),
);

/**
 * What a container may touch: "securityContext.appArmorProfile".
 *
 * @see https://kubernetes.io/docs/tutorials/security/apparmor/
 */
export const appArmorProfileRule: Rule = all(
  whole((profile, path) => {
    if (profile["type"] === "Localhost") return localProfileErrors(profile, path);
    const isNamed = profile["type"] === "RuntimeDefault" || profile["type"] === "Unconfined";
    const local = profile["localhostProfile"];
    const because = "can only be set when AppArmor type is Localhost";
    return isNamed && isSet(local)
      ? [invalidValue(`${path}.localhostProfile`, local, because)]
      : [];
  }),
  typeRule("appArmorProfile"),
);

const localProfileBytesMax = 4095;

function localProfileErrors(profile: JsonObject, path: string): readonly FieldError[] {
  const local = profile["localhostProfile"];
  const where = `${path}.localhostProfile`;
  const errors: FieldError[] = [];
  if (!isSet(local) || local === "") {
    errors.push(requiredValue(where, "must be set when AppArmor type is Localhost"));
  }
  if (!isString(local)) return errors;
  if (local !== local.trim()) {
    errors.push(invalidValue(where, local, "must not be padded with whitespace"));
  }
  if (Buffer.byteLength(local) > localProfileBytesMax) {
    errors.push(tooLong(where, localProfileBytesMax));
  }
  return errors;
}
