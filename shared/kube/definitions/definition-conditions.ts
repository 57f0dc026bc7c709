import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, objectOf } from "../json.ts";

export interface DefinitionCondition {
  readonly type: "NamesAccepted" | "Established" | "Terminating";
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

export function conditionOf(definition: JsonObject, type: string): JsonObject | undefined {
  return arrayOf(at(definition["status"], "conditions"))
    .filter(isObject)
    .find((condition) => condition["type"] === type);
}

/** `isTrue(definition, "Established")` */
export function isTrue(definition: JsonObject, type: DefinitionCondition["type"]): boolean {
  return conditionOf(definition, type)?.["status"] === "True";
}

/**
 * The conditions of a definition with some of them set. A transition time moves only with a status;
 * without a `now` (a Kubernetes time), new ones have none.
 */
export function withConditions(
  definition: JsonObject,
  next: readonly DefinitionCondition[],
  now?: string,
): readonly Json[] {
  const all = new Map<Json | undefined, Json>();
  for (const each of arrayOf(at(definition["status"], "conditions"))) {
    all.set(objectOf(each)["type"], each);
  }
  for (const condition of next) {
    const before = objectOf(all.get(condition.type));
    const time = before["status"] === condition.status ? before["lastTransitionTime"] : now;
    const { type, status, reason, message } = condition;
    const lastTransitionTime = time === undefined ? {} : { lastTransitionTime: time };
    all.set(type, { type, status, ...lastTransitionTime, reason, message });
  }
  return [...all.values()];
}
