/**
 * What a placement places: which of the hub's objects, in what form and order.
 *
 * L1. The same objects give the same manifests, in whatever order they are found.
 * L2. What clusters make themselves, and what is being deleted, is never placed.
 * L3. An object that two selectors find is a mistake, as in KubeFleet.
 */
import type { Document } from "../lib/document.ts";
import type { KubeBody } from "../lib/kube-object.ts";
import type { Manifest } from "../rollout/model.ts";
import { type HubResource, isNamespace } from "./hub-resources.ts";
import { manifestOf } from "./sanitize.ts";

/** At most so many objects in one placement. */
export const resourcesMax = 1_000;
/** At most so much content in one placement, in UTF-8 bytes of JSON. */
export const contentBytesMax = 8 * 1024 * 1024;
/** A larger object finds no room in a snapshot's document. */
export const manifestBytesMax = 1_400_000;

export interface FoundObject {
  readonly resource: HubResource;
  readonly document: Document<KubeBody>;
}

/** What the hub holds of what the selectors ask for. */
export type Found =
  | {
      readonly kind: "found";
      /** By selector; those that one selector finds are all different. */
      readonly objects: readonly (readonly FoundObject[])[];
    }
  | { readonly kind: "invalid"; readonly reason: string };

export type Selection =
  | { readonly kind: "selected"; readonly manifests: readonly Manifest[] }
  /** One sentence for the condition `InvalidResourceSelectors`. */
  | { readonly kind: "invalid"; readonly reason: string };

export function select(found: Found): Selection {
  if (found.kind === "invalid") return found;
  const seen = new Set<string>();
  const selected: FoundObject[] = [];
  for (const each of found.objects.flat().filter(isPlaceable)) {
    const text = textOf(each);
    if (seen.has(text)) return invalid(`"${text}" is selected twice: one selector must find it`);
    seen.add(text);
    selected.push(each);
  }
  if (selected.length > resourcesMax) {
    return invalid(`${selected.length} objects are selected: must be at most ${resourcesMax}`);
  }
  const manifests = selected
    .toSorted(inOrder)
    .map(({ resource, document }) => manifestOf(resource, document));
  return sized(manifests);
}

const invalid = (reason: string): Selection => ({ kind: "invalid", reason });

function sized(manifests: readonly Manifest[]): Selection {
  let bytes = 0;
  for (const manifest of manifests) {
    const own = Buffer.byteLength(JSON.stringify(manifest));
    if (own > manifestBytesMax) {
      const { name } = manifest["metadata"] as { name: string };
      return invalid(
        `${manifest.kind} "${name}" has ${own} bytes: must be at most ${manifestBytesMax}`,
      );
    }
    bytes += own;
  }
  return bytes > contentBytesMax
    ? invalid(`the selected objects have ${bytes} bytes: must be at most ${contentBytesMax}`)
    : { kind: "selected", manifests };
}

/** `Deployment.apps demo/web` */
function textOf({ resource: { group, kind }, document: { key } }: FoundObject): string {
  const prefix = key.namespace === undefined ? "" : `${key.namespace}/`;
  return `${kind}${group === "" ? "" : `.${group}`} ${prefix}${key.name}`;
}

/** Whether a namespace is the user's own: those of Kubernetes and of the fleet stay. */
export function isPlaceableNamespace(name: string): boolean {
  return name !== "default" && !name.startsWith("kube-") && !name.startsWith("fleet-");
}

function isPlaceable({ resource, document: { key, body } }: FoundObject): boolean {
  const { deletionTimestamp, ownerReferences = [] } = body.metadata;
  if (deletionTimestamp !== undefined) return false;
  if (isNamespace(resource)) return isPlaceableNamespace(key.name);
  switch (resource.kind) {
    case "ConfigMap":
      return key.name !== "kube-root-ca.crt";
    case "PriorityClass":
      return !key.name.startsWith("system-");
    case "ServiceAccount":
      return key.name !== "default";
    case "Secret":
      return (body as { type?: string }).type !== "kubernetes.io/service-account-token";
    case "ReplicaSet":
      return !ownerReferences.some(({ controller }) => controller === true);
    default:
      return true;
  }
}

/** KubeFleet's order of kinds; others follow by their names. It is not the order of applying. */
const kindsInOrder = (
  "PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodDisruptionBudget " +
  "ServiceAccount Secret ConfigMap StorageClass PersistentVolume PersistentVolumeClaim " +
  "CustomResourceDefinition ClusterRole ClusterRoleBinding Role RoleBinding Service DaemonSet " +
  "ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob " +
  "IngressClass Ingress APIService MutatingWebhookConfiguration ValidatingWebhookConfiguration"
).split(" ");

function inOrder(left: FoundObject, right: FoundObject): number {
  const [a, b] = [orderOf(left), orderOf(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** U+0000 sorts before all that a name may hold. */
function orderOf({ resource: { group, version, kind }, document: { key } }: FoundObject): string {
  const at = kindsInOrder.indexOf(kind);
  const rank = String(at < 0 ? kindsInOrder.length : at).padStart(2, "0");
  return [rank, group, version, kind, key.namespace ?? "", key.name].join("\0");
}
