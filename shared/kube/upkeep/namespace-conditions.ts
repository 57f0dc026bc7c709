import { type Instant, kubeTime } from "../../lib/instant.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, objectOf } from "../json.ts";
import type { ServedKind } from "../served-kind.ts";
import { resourceName } from "../status-error.ts";

/** An object that a namespace cannot go without. */
export interface Left {
  readonly kind: ServedKind;
  readonly finalizers: readonly string[];
}

/**
 * The namespace with the conditions that tell why it is still there, as `kubectl describe` shows
 * them. They keep their times while they say the same.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
 */
export function withRemaining(namespace: KubeBody, left: readonly Left[], now: Instant): KubeBody {
  const body = namespace as KubeBody & JsonObject;
  const resources = counted(left.map(({ kind }) => `${resourceName(kind)}.`));
  const finalizers = counted(left.flatMap((each) => each.finalizers));
  const told = [
    condition(
      "NamespaceContentRemaining",
      "SomeResourcesRemain",
      `Some resources are remaining: ${listed(resources, "has")}`,
    ),
    condition(
      "NamespaceFinalizersRemaining",
      "SomeFinalizersRemain",
      `Some content in the namespace has finalizers remaining: ${listed(finalizers, "in")}`,
    ),
  ];
  const before = arrayOf(at(body, "status", "conditions")).filter(isObject);
  const conditions = told.map((each) => {
    const same = before.find(
      ({ type, message }) => type === each["type"] && message === each["message"],
    );
    return same ?? { ...each, lastTransitionTime: kubeTime(now) };
  });
  const status = { ...objectOf(body["status"]), conditions };
  return { ...namespace, status } as KubeBody;
}

function condition(type: string, reason: string, message: string): JsonObject {
  return { type, status: "True", reason, message };
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** "configmaps. has 2 resource instances, x.com/hold has …" */
function listed(counts: ReadonlyMap<string, number>, verb: "has" | "in"): string {
  const names = [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return names.map(([name, count]) => `${name} ${verb} ${count} resource instances`).join(", ");
}
