/** The kinds of hub objects that can be placed, and where their documents are. */
import type { Document, Kind } from "../lib/document.ts";
import type { Json, KubeBody } from "../lib/kube-object.ts";

export interface HubResource {
  readonly group: string;
  /** The version in which the hub keeps its objects. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Kubernetes' own kinds that make sense as templates. Left out on purpose: Pod, Node, Event, Lease,
 * Endpoints and EndpointSlice, which clusters make themselves, and the fleet's own kinds.
 */
const builtIn: readonly (readonly [
  groupVersion: string,
  scope: "cluster" | "namespace",
  kinds: string,
])[] = [
  ["v1", "cluster", "Namespace PersistentVolume"],
  [
    "v1",
    "namespace",
    "ConfigMap LimitRange PersistentVolumeClaim ReplicationController ResourceQuota Secret " +
      "Service ServiceAccount",
  ],
  ["apps/v1", "namespace", "DaemonSet Deployment ReplicaSet StatefulSet"],
  ["batch/v1", "namespace", "CronJob Job"],
  ["autoscaling/v2", "namespace", "HorizontalPodAutoscaler"],
  ["networking.k8s.io/v1", "namespace", "Ingress NetworkPolicy"],
  ["networking.k8s.io/v1", "cluster", "IngressClass"],
  ["policy/v1", "namespace", "PodDisruptionBudget"],
  ["rbac.authorization.k8s.io/v1", "namespace", "Role RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "cluster", "ClusterRole ClusterRoleBinding"],
  ["storage.k8s.io/v1", "cluster", "CSIDriver StorageClass"],
  ["scheduling.k8s.io/v1", "cluster", "PriorityClass"],
  ["apiextensions.k8s.io/v1", "cluster", "CustomResourceDefinition"],
  [
    "admissionregistration.k8s.io/v1",
    "cluster",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
  ],
  ["apiregistration.k8s.io/v1", "cluster", "APIService"],
  ["networking.fleet.azure.com/v1beta1", "namespace", "ServiceExport"],
];

export const builtInResources: readonly HubResource[] = builtIn.flatMap(
  ([groupVersion, scope, kinds]) => {
    const slash = groupVersion.indexOf("/");
    return kinds.split(" ").map((kind) => ({
      group: slash < 0 ? "" : groupVersion.slice(0, slash),
      version: groupVersion.slice(slash + 1),
      kind,
      plural: pluralOf(kind),
      namespaced: scope === "namespace",
    }));
  },
);

/** As Kubernetes guesses it; true for all of its own kinds. */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith("s")) return `${singular}es`;
  return singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

/** Groups whose objects say what the fleet should do: they are never placed. */
const ownGroups = [
  "placement.kubernetes-fleet.io",
  "cluster.kubernetes-fleet.io",
  "fleet.azure.com",
];

export const definitionKind = "apiextensions.k8s.io/customresourcedefinitions" as Kind<KubeBody>;

/** The kind that a definition in the hub adds; undefined for one that cannot be placed. */
export function definedResource({ body }: Document<KubeBody>): HubResource | undefined {
  const { spec } = body as KubeBody & { readonly spec?: DefinitionSpec };
  const version = spec?.versions?.find(({ storage }) => storage === true) ?? spec?.versions?.[0];
  const { kind, plural } = spec?.names ?? {};
  if (spec?.group === undefined || kind === undefined || plural === undefined) return undefined;
  if (version?.name === undefined || ownGroups.includes(spec.group)) return undefined;
  const namespaced = spec.scope === "Namespaced";
  return { group: spec.group, version: version.name, kind, plural, namespaced };
}

interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string; readonly plural?: string };
  readonly versions?: readonly { readonly name?: string; readonly storage?: Json }[];
}

export const isNamespace = ({ group, kind }: { group: string; kind: string }): boolean =>
  group === "" && kind === "Namespace";

/** "apps/deployments", "namespaces" */
export function documentsOf({ group, plural }: HubResource): Kind<KubeBody> {
  return group === "" ? plural : `${group}/${plural}`;
}
