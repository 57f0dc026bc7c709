import type { Document } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf } from "../json.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { forbidden, notFound, resourceName } from "../status-error.ts";

/** Kubernetes never lets go of these. */
const permanent: readonly unknown[] = ["default", "kube-system", "kube-public"];

/** Holds a namespace until everything in it is gone. */
export const namespaceFinalizer = "kubernetes";

export function namespaceKind(api: Pick<KubeApi, "kinds">): ServedKind | undefined {
  return api.kinds.all.find(({ holdsNamespaces }) => holdsNamespaces === true);
}

/**
 * The namespace that a new object goes to; undefined for kinds without one. The commit that makes
 * the object requires the namespace to be unchanged, so none fills up while it is being emptied.
 *
 * Throws 404 when there is no such namespace and 403 when it is being deleted.
 */
export async function openNamespace(
  api: KubeApi,
  kind: ServedKind,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
): Promise<Document<KubeBody> | undefined> {
  const holder = namespaceKind(api);
  if (!kind.namespaced || namespace === undefined || holder === undefined) return undefined;
  const key = documentKey(holder, { fleet: api.fleet, name: namespace });
  const document = await api.store.read(key);
  if (document === undefined) throw notFound(holder, namespace);
  if (document.body.metadata.deletionTimestamp === undefined) return document;
  throw forbidden(
    `${resourceName(kind)} "${name}" is forbidden: unable to create new content in namespace ` +
      `${namespace} because it is being terminated`,
    {
      name,
      ...(kind.group !== "" && { group: kind.group }),
      kind: kind.plural,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  );
}

/** Each namespace has a label with its name. */
export function labelledNamespace(object: KubeObject): KubeObject {
  const { name, labels } = object.metadata;
  const own = { ...objectOf(labels), "kubernetes.io/metadata.name": name };
  return { ...object, metadata: { ...object.metadata, labels: own } };
}

/** What the server gives each new namespace, so that nobody owns it: a finalizer and a phase. */
export function bornNamespace(object: KubeObject): KubeObject {
  return {
    ...object,
    spec: { ...objectOf(object["spec"]), finalizers: [namespaceFinalizer] },
    status: { phase: "Active" },
  };
}

/** Only `/finalize` changes what holds a namespace. */
export function withFinalizersOf(object: KubeObject, from: KubeObject): KubeObject {
  const finalizers = at(from, "spec", "finalizers");
  const { finalizers: _, ...spec } = objectOf(object["spec"]);
  const isHeld = arrayOf(finalizers).length > 0;
  return { ...object, spec: { ...spec, ...(isHeld && { finalizers }) } };
}

export function isHeldNamespace(object: KubeObject, kind: ServedKind): boolean {
  return kind.holdsNamespaces === true && arrayOf(at(object, "spec", "finalizers")).length > 0;
}

/** Throws 403 for the namespaces that cannot be deleted. */
export function checkDeletable(kind: ServedKind, name: string): void {
  if (kind.holdsNamespaces !== true || !permanent.includes(name)) return;
  throw forbidden(`namespaces "${name}" is forbidden: this namespace may not be deleted`, {
    name,
    kind: kind.plural,
  });
}
