import { listAll } from "../effects/list-all.ts";
import type { Store } from "../effects/store.ts";
import type { FleetId } from "../lib/document.ts";
import type { JsonObject, KubeBody } from "../lib/kube-object.ts";
import type { Admission } from "./admission.ts";
import { documentKind } from "./served-kind.ts";
import { forbidden, resourceName } from "./status-error.ts";

const classes = documentKind("scheduling.k8s.io", "priorityclasses");

interface DefaultClass {
  readonly name: string;
  readonly value: number;
}

/**
 * One PriorityClass is that of pods that name none: a second one is refused with 403. The others
 * are only looked at when a class wants to be it. Two that are made at once can both become it, as
 * in a cluster; then the one with the lower value counts.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export function oneDefaultPriority(store: Store, fleet: FleetId): Admission {
  return async ({ operation, kind, name, subresource }, object) => {
    if (kind.documents !== classes || subresource !== undefined) return;
    if (object?.["globalDefault"] !== true) return;
    const found = await defaultClass(store, fleet);
    if (found === undefined || (operation === "update" && found.name === name)) return;
    const other = `PriorityClass ${found.name}`;
    const because = `${other} is already marked as default. Only one default can exist`;
    throw forbidden(`${resourceName(kind)} "${name}" is forbidden: ${because}`, {
      name,
      group: kind.group,
      kind: kind.plural,
    });
  };
}

async function defaultClass(store: Store, fleet: FleetId): Promise<DefaultClass | undefined> {
  const all = await listAll<KubeBody>(store, { fleet, kind: classes });
  const defaults = all
    .map(({ key, body }) => ({ name: key.name, body: body as KubeBody & JsonObject }))
    .filter(({ body }) => body["globalDefault"] === true)
    .map(({ name, body }) => ({ name, value: Number(body["value"] ?? 0) }));
  return defaults.sort((left, right) => left.value - right.value)[0];
}
