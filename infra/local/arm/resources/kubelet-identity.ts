import { createHash } from "node:crypto";

/** The identity that AKS makes for a cluster's nodes; its ids follow from the cluster's. */
export interface KubeletIdentity {
  readonly resourceId: string;
  readonly clientId: string;
  readonly objectId: string;
}

export function kubeletIdentity(cluster: {
  readonly id: string;
  readonly name: string;
  readonly nodeResourceGroup: string;
}): KubeletIdentity {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(cluster.id)?.[0] ?? "";
  return {
    resourceId:
      `${subscription}/resourceGroups/${cluster.nodeResourceGroup}/providers/` +
      `Microsoft.ManagedIdentity/userAssignedIdentities/${cluster.name}-agentpool`,
    clientId: uuidOf(`client ${cluster.id.toLowerCase()}`),
    objectId: uuidOf(`object ${cluster.id.toLowerCase()}`),
  };
}

function uuidOf(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  const parts = [8, 4, 4, 4, 12].map((length, index, lengths) => {
    const from = lengths.slice(0, index).reduce((sum, each) => sum + each, 0);
    return digits.slice(from, from + length);
  });
  return parts.join("-");
}
