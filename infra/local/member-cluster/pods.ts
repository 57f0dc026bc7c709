import { jsonEquals } from "../../../shared/kube/json.ts";
import { type Document, keyText, type Write } from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import type { LiveBody } from "./life/rule.ts";
import type { OnNodes } from "./pod-of.ts";
import { systemPods } from "./system-pods.ts";
import { workloadPods } from "./workload-pods.ts";

export interface PodsOf extends OnNodes {
  readonly workloads: readonly Document<LiveBody>[];
  /** The pods that are there. */
  readonly there: readonly Document<LiveBody>[];
}

/**
 * What makes the Pod objects those of the cluster: AKS's own on its nodes, and as many of each
 * workload as its status tells. Pods that nothing owns are somebody's, and are left alone.
 */
export function podWrites(cluster: PodsOf): readonly Write[] {
  const ofWorkloads = cluster.workloads.flatMap((each) => workloadPods(each, cluster));
  const pods = [...systemPods(cluster), ...ofWorkloads];
  const there = new Map(cluster.there.map((document) => [keyText(document.key), document]));
  const writes = pods.flatMap((pod): readonly Write[] => {
    const document = there.get(keyText(pod.key));
    if (document === undefined) return [{ kind: "create", ...pod }];
    if (!hasOwner(document)) return [];
    const isSame = jsonEquals(asJson(document.body), asJson(pod.body));
    return isSame ? [] : [{ kind: "replace", document, ...pod }];
  });
  const wanted = new Set(pods.map(({ key }) => keyText(key)));
  const gone = cluster.there.filter(
    (document) => hasOwner(document) && !wanted.has(keyText(document.key)),
  );
  return [...writes, ...gone.map((document): Write => ({ kind: "delete", document }))];
}

function hasOwner({ body }: Document<LiveBody>): boolean {
  return (body.metadata.ownerReferences ?? []).length > 0;
}

function asJson(body: LiveBody): JsonObject {
  return body as unknown as JsonObject;
}
