import { arrayOf, isObject } from "../../../shared/kube/json.ts";
import { ownerRef } from "../../../shared/kube/rest/commit.ts";
import type { Document, FleetId, Key } from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import type { LiveBody } from "./life/rule.ts";

/** Where pods run. */
export interface OnNodes {
  readonly fleet: FleetId;
  readonly nodes: readonly Document<LiveBody>[];
}

/** A Pod object as it is to be. */
export interface Pod {
  readonly key: Key<LiveBody>;
  readonly body: LiveBody;
  readonly refs: readonly string[];
}

interface PodFrom {
  readonly key: Key<LiveBody>;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly owner: JsonObject & { readonly uid: string };
  readonly startedAt: string;
  readonly isReady: boolean;
}

/** The Pod of an owner, on the node that its spec names. */
export function podOf({ key, labels, spec, owner, startedAt, isReady }: PodFrom): Pod {
  const containerStatuses = arrayOf(spec["containers"])
    .filter(isObject)
    .map(({ name, image }) => ({ name, image, ready: isReady, restartCount: 0 }));
  const ready = {
    type: "Ready",
    status: isReady ? "True" : "False",
    lastTransitionTime: startedAt,
  };
  const status = {
    phase: isReady ? "Running" : "Pending",
    startTime: startedAt,
    conditions: [ready],
    containerStatuses,
  };
  const metadata = {
    labels,
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
  return { key, body: { metadata, spec, status }, refs: [ownerRef(owner.uid)] };
}
