/** Makers of what the learning of OpenAPI looks at. */
import { clusterIdOf, type Member } from "../../../shared/fleet/model.ts";
import { type LearntOpenApi, openApiKey } from "../../../shared/hub/open-api/model.ts";
import type { Document } from "../../../shared/lib/document.ts";
import { clusterArmId, documentOf, fleetId, memberDocument, noon } from "../../builders.ts";

const condition = (type: string, status: "True" | "False") => ({
  type,
  status,
  reason: "Tested",
  message: "",
  lastTransitionTime: noon,
});

export interface MemberMore {
  readonly joined?: "True" | "False";
  readonly healthy?: "True" | "False";
  readonly leaves?: boolean;
}

/** A member that joined and is well, of a Kubernetes version. */
export function memberOf(
  name: string,
  kubernetesVersion = "1.34.1",
  { joined = "True", healthy = "True", leaves = false }: MemberMore = {},
): Document<Member> {
  return memberDocument(name, (body) => ({
    ...body,
    metadata: { ...body.metadata, ...(leaves && { deletionTimestamp: noon }) },
    status: {
      conditions: [condition("Joined", joined), condition("Healthy", healthy)],
      cluster: {
        kubernetesVersion,
        provisioningState: "Succeeded",
        location: "eastus",
        powerState: "Running",
      },
    },
  }));
}

export const sourceOfMember = (name: string, kubernetesVersion = "1.34.1") => ({
  member: name,
  cluster: clusterIdOf(clusterArmId(name)),
  kubernetesVersion,
});

/** What is known from "aks-1" of 1.34.1, as far as it is not said otherwise. */
export function summaryOf(more: Partial<LearntOpenApi> = {}): Document<LearntOpenApi> {
  const source = sourceOfMember("aks-1");
  const body: LearntOpenApi = { source, learnt: { ...source, at: noon }, hashes: {}, ...more };
  return documentOf(openApiKey(fleetId), body);
}
