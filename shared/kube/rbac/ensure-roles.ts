import { listAll } from "../../effects/list-all.ts";
import { commitWritesMax, type Store } from "../../effects/store.ts";
import { type Document, type FleetId, keyText, type Write } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { jsonEquals } from "../json.ts";
import { documentKind } from "../served-kind.ts";
import type { RbacBinding, RbacRole } from "./rbac-policy.ts";
import { rbacGroup } from "./rbac-rules.ts";

/** Roles and bindings that are there from the start. All are of the cluster. */
export interface BuiltInAccess {
  readonly roles: readonly RbacRole[];
  readonly bindings: readonly RbacBinding[];
}

/**
 * Shows the roles and bindings that are built in as objects, and brings those of an older version
 * up to date. What somebody added to their metadata stays. Safe to repeat, and by several processes
 * at once: whoever was faster has made the same.
 */
export async function ensureRoles(
  { store, fleet }: { readonly store: Store; readonly fleet: FleetId },
  builtIn: BuiltInAccess,
): Promise<void> {
  const wanted = [
    ...builtIn.roles.map((role) => ({
      plural: "clusterroles",
      name: role.name,
      ...roleBody(role),
    })),
    ...builtIn.bindings.map((binding) => ({
      plural: "clusterrolebindings",
      name: binding.name,
      ...bindingBody(binding),
    })),
  ];
  const found = await documentsOf(store, fleet);
  const needed = wanted
    .map(({ plural, name, metadata, ...content }): Write | undefined => {
      const key = { fleet, kind: documentKind(rbacGroup, plural), name };
      const document = found.get(keyText(key));
      if (document === undefined) return { kind: "create", key, body: { metadata, ...content } };
      return replacement(document, metadata, content);
    })
    .filter((write) => write !== undefined);
  for (let start = 0; start < needed.length; start += commitWritesMax) {
    await store.commit({ fleet, writes: needed.slice(start, start + commitWritesMax) });
  }
}

/** All that is there of both kinds, by key: two lists cost less than thirty reads. */
async function documentsOf(
  store: Store,
  fleet: FleetId,
): Promise<ReadonlyMap<string, Document<KubeBody>>> {
  const found = new Map<string, Document<KubeBody>>();
  for (const plural of ["clusterroles", "clusterrolebindings"]) {
    const kind = documentKind(rbacGroup, plural);
    for (const document of await listAll(store, { fleet, kind })) {
      found.set(keyText(document.key), document);
    }
  }
  return found;
}

type Metadata = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

function replacement(
  document: Document<KubeBody>,
  { labels, annotations }: Metadata,
  content: JsonObject,
): Write | undefined {
  const { metadata, ...before } = document.body as KubeBody & JsonObject;
  const next = {
    ...metadata,
    labels: { ...metadata.labels, ...labels },
    annotations: { ...metadata.annotations, ...annotations },
  };
  const isSame =
    jsonEquals(before, content) &&
    jsonEquals(next as unknown as JsonObject, metadata as unknown as JsonObject);
  if (isSame) return undefined;
  return { kind: "replace", document, body: { metadata: next, ...content } as KubeBody };
}

/** As Kubernetes marks what it brings itself. */
function metadataOf(labels: Readonly<Record<string, string>> = {}): Metadata {
  return {
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
    annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
  };
}

function roleBody({ labels, rules, aggregates }: RbacRole) {
  return {
    metadata: metadataOf(labels),
    ...(aggregates === undefined
      ? { rules }
      : { aggregationRule: { clusterRoleSelectors: aggregates } }),
  };
}

function bindingBody({ roleRef, subjects }: RbacBinding) {
  return {
    metadata: metadataOf(),
    roleRef: { apiGroup: rbacGroup, ...roleRef },
    subjects: subjects.map((subject) => ({ apiGroup: rbacGroup, ...subject })),
  };
}
