/**
 * The order in which a work is applied: what others need comes first. All of one wave is applied
 * before the next. KubeFleet's order.
 */
const waves: readonly string[] = [
  "/Namespace scheduling.k8s.io/PriorityClass",
  "networking.k8s.io/NetworkPolicy /ResourceQuota /LimitRange policy/PodDisruptionBudget " +
    "/ServiceAccount /Secret /ConfigMap storage.k8s.io/StorageClass /PersistentVolume " +
    "/PersistentVolumeClaim apiextensions.k8s.io/CustomResourceDefinition " +
    "networking.k8s.io/IngressClass",
  "rbac.authorization.k8s.io/ClusterRole rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/ClusterRoleBinding rbac.authorization.k8s.io/RoleBinding",
  "/Service apps/DaemonSet /Pod /ReplicationController apps/ReplicaSet apps/Deployment " +
    "autoscaling/HorizontalPodAutoscaler apps/StatefulSet batch/Job batch/CronJob " +
    "networking.k8s.io/Ingress",
  "apiregistration.k8s.io/APIService " +
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration " +
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
];

const waveOfKind = new Map(
  waves.flatMap((kinds, wave) => kinds.split(" ").map((kind) => [kind, wave] as const)),
);

/** Objects of any other kind come last: their definitions are there by then. */
function waveOf(group: string, kind: string): number {
  return waveOfKind.get(`${group}/${kind}`) ?? waves.length;
}

/** In waves, the first to apply first. */
export function inWaves<Item>(
  items: readonly Item[],
  kindOf: (item: Item) => { readonly group: string; readonly kind: string },
): readonly (readonly Item[])[] {
  const all: Item[][] = Array.from({ length: waves.length + 1 }, () => []);
  for (const item of items) {
    const { group, kind } = kindOf(item);
    all[waveOf(group, kind)]?.push(item);
  }
  return all.filter((wave) => wave.length > 0);
}
