import { keyOf } from "../../../shared/lib/document.ts";
import type { LiveBody } from "./life/rule.ts";
import { type OnNodes, type Pod, podOf } from "./pod-of.ts";

/** What AKS runs on each node, with what it asks for. */
const onEachNode = [
  ["azure-cns", "40m", "250Mi"],
  ["azure-ip-masq-agent", "100m", "50Mi"],
  ["cloud-node-manager", "50m", "50Mi"],
  ["csi-azuredisk-node", "30m", "60Mi"],
  ["csi-azurefile-node", "30m", "60Mi"],
  ["kube-proxy", "100m", "0"],
] as const;

/** What AKS runs twice in a cluster. */
const twice = [
  ["coredns", "100m", "70Mi"],
  ["konnectivity-agent", "20m", "20Mi"],
  ["metrics-server", "150m", "100Mi"],
] as const;

/** AKS's own pods, on the nodes of a cluster. */
export function systemPods({ fleet, nodes }: OnNodes): readonly Pod[] {
  const all = nodes.flatMap((node) =>
    onEachNode.map(([app, cpu, memory]) => ({ app, cpu, memory, node })),
  );
  const some = nodes
    .slice(0, 2)
    .flatMap((node) => twice.map(([app, cpu, memory]) => ({ app, cpu, memory, node })));
  return [...all, ...some].map(({ app, cpu, memory, node }) => {
    const container = {
      name: app,
      image: `mcr.microsoft.com/aks/${app}`,
      resources: { requests: { cpu, memory } },
    };
    return podOf({
      key: keyOf<LiveBody>("pods", fleet, `${app}-${node.key.name}`, "kube-system"),
      labels: { "k8s-app": app },
      spec: { containers: [container], nodeName: node.key.name },
      owner: { apiVersion: "v1", kind: "Node", name: node.key.name, uid: node.uid },
      startedAt: node.createdAt,
      isReady: true,
    });
  });
}
