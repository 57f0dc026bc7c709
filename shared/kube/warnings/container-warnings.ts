import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, textOf } from "../json.ts";
import { fractionalBytes } from "./fractional-bytes.ts";

/** A container, where it is, and the pod that it is part of. */
export interface WarnedContainer {
  readonly container: Json;
  /** "spec.containers[0]" */
  readonly where: string;
  readonly podSpec: JsonObject;
  readonly annotations: JsonObject;
  /** "metadata.annotations" */
  readonly annotationsPath: string;
}

export function* containerWarnings(warned: WarnedContainer): Iterable<string> {
  const { container, where } = warned;
  yield* profileWarnings(warned);
  for (const resource of ["memory", "ephemeral-storage"]) {
    for (const list of ["limits", "requests"]) {
      const amounts = at(container, "resources", list);
      yield* fractionalBytes(amounts, resource, `${where}.resources.${list}`);
    }
  }
  yield* hiddenVariables(arrayOf(at(container, "env")), where);
}

const seccompPrefix = "container.seccomp.security.alpha.kubernetes.io/";
const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

/** Profiles by annotations, which have fields of their own since. */
function* profileWarnings(warned: WarnedContainer): Iterable<string> {
  const { container, podSpec, annotations, annotationsPath } = warned;
  const name = textOf(at(container, "name")) ?? "";
  const hasField = (of: Json, field: string): boolean => isObject(at(of, "securityContext", field));
  const seccomp = `${seccompPrefix}${name}`;
  if (Object.hasOwn(annotations, seccomp) && !hasField(container, "seccompProfile")) {
    yield `${annotationsPath}[${seccomp}]: ${seccompSentence}`;
  }
  const appArmor = `${appArmorPrefix}${name}`;
  const hasAppArmor = [podSpec, container].some((each) => hasField(each, "appArmorProfile"));
  if (Object.hasOwn(annotations, appArmor) && !hasAppArmor) {
    yield `${annotationsPath}[${appArmor}]: ` +
      'deprecated since v1.30; use the "appArmorProfile" field instead';
  }
}

export const seccompSentence = 'non-functional in v1.27+; use the "seccompProfile" field instead';

/** A variable may be set twice if the later value is made of the earlier: `$(PATH):/opt/bin`. */
function* hiddenVariables(env: readonly Json[], where: string): Iterable<string> {
  const names = new Set<string>();
  for (const [index, variable] of env.entries()) {
    const name = textOf(at(variable, "name")) ?? "";
    const value = textOf(at(variable, "value")) ?? "";
    const reference = `$(${name})`;
    const isMadeOfEarlier =
      !isObject(at(variable, "valueFrom")) && value !== reference && value.includes(reference);
    if (names.has(name) && !isMadeOfEarlier) {
      yield `${where}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which ` +
        "may be dropped when using apply";
    }
    names.add(name);
  }
}
