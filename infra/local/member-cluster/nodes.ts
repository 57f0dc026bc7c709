import { jsonEquals } from "../../../shared/kube/json.ts";
import { type Document, type FleetId, keyOf, type Write } from "../../../shared/lib/document.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import { type Condition, type JsonObject, withCondition } from "../../../shared/lib/kube-object.ts";
import type { LiveBody } from "./life/rule.ts";

/**
 * What each node has, as an AKS node of size Standard_D4ds_v5 says: AKS keeps 140m of its cores, a
 * quarter of its memory and what pods are evicted for (100Mi).
 *
 * @see https://learn.microsoft.com/azure/aks/node-resource-reservations
 */
const capacity: JsonObject = { cpu: "4", memory: "16375056Ki", pods: "250" };
const allocatable: JsonObject = { cpu: "3860m", memory: "12178892Ki", pods: "250" };

interface Surroundings {
  readonly fleet: FleetId;
  readonly isReady: boolean;
  readonly now: Instant;
}

export interface SimulatedNode {
  readonly name: string;
  /** "1.34.1" */
  readonly version: string;
}

/** What makes the Node objects those of the given nodes. */
export function nodesOf(
  nodes: readonly SimulatedNode[],
  there: readonly Document<LiveBody>[],
  surroundings: Surroundings,
): readonly Write[] {
  const writes = nodes.flatMap((node): readonly Write[] => {
    const document = there.find(({ key }) => key.name === node.name);
    const body = bodyOf(node, document, surroundings);
    if (document === undefined) {
      const key = keyOf<LiveBody>("nodes", surroundings.fleet, node.name);
      return [{ kind: "create", key, body }];
    }
    const isSame = jsonEquals(asJson(document.body), asJson(body));
    return isSame ? [] : [{ kind: "replace", document, body }];
  });
  const names = new Set(nodes.map(({ name }) => name));
  const gone = there.filter(({ key }) => !names.has(key.name));
  return [...writes, ...gone.map((document): Write => ({ kind: "delete", document }))];
}

function bodyOf(
  { name, version }: SimulatedNode,
  document: Document<LiveBody> | undefined,
  { isReady, now }: Surroundings,
): LiveBody {
  const before = (document?.body.status?.["conditions"] ?? []) as unknown as readonly Condition[];
  const conditions = withCondition(
    before,
    {
      type: "Ready",
      status: isReady ? "True" : "False",
      reason: isReady ? "KubeletReady" : "KubeletNotReady",
      message: isReady ? "kubelet is posting ready status" : "container runtime is down",
    },
    now,
  );
  return {
    metadata: {
      labels: {
        "kubernetes.azure.com/agentpool": "system",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
      },
    },
    spec: {},
    status: {
      capacity,
      allocatable,
      conditions: conditions as unknown as JsonObject[],
      nodeInfo: {
        architecture: "amd64",
        kubeletVersion: `v${version}`,
        operatingSystem: "linux",
      },
    },
  };
}

function asJson(body: LiveBody): JsonObject {
  return body as unknown as JsonObject;
}
