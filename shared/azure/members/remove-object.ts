/**
 * Removes what a placement left in a member.
 *
 * R1. Only what the placement created is deleted. What was there before it is let go, and what
 *     belongs to another is left alone.
 * R2. A namespace in which somebody else keeps something is let go too: deleting it would delete
 *     that.
 */
import { arrayOf, objectOf, textOf } from "../../kube/json.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { ResourceIdentifier } from "../../rollout/model.ts";
import { fieldManager, type MemberApi } from "./apply-manifest.ts";
import { concurrently } from "./concurrently.ts";
import { objectPath } from "./discovery.ts";
import type { KubeClient } from "./kube-client.ts";
import { ownerOf, unmarked } from "./ownership.ts";

/** True once nothing of the placement is left of it; false: look again. */
export async function removeObject(
  { group, version, kind, ...named }: ResourceIdentifier,
  owner: string,
  { client, discovery }: MemberApi,
): Promise<boolean> {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const api = await discovery.find(apiVersion, kind);
  if (api === undefined) return true;
  const path = objectPath(api, named);
  const { status, body } = await client.ask({ method: "GET", path });
  if (status === 404) return true;
  if (status !== 200) return false;

  const held = ownerOf(body);
  if (held.kind !== "placement" || held.name !== owner) return true;
  const isNamespace = group === "" && kind === "Namespace";
  const isTheirs =
    held.existedBefore || (isNamespace && (await isShared(named.name, owner, client)));
  return isTheirs ? await letGo(path, client) : await deleteObject(path, body, client);
}

async function letGo(path: string, client: KubeClient): Promise<boolean> {
  const { status } = await client.ask({
    method: "PATCH",
    path: `${path}?fieldManager=${fieldManager}`,
    contentType: "application/merge-patch+json",
    body: unmarked,
  });
  return status === 200 || status === 404;
}

/** The object that was seen, no newer one of its name. It may stay a while for its finalizers. */
async function deleteObject(path: string, seen: JsonObject, client: KubeClient): Promise<boolean> {
  const uid = textOf(objectOf(seen["metadata"])["uid"]);
  const { status, body } = await client.ask({
    method: "DELETE",
    path,
    body: {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      ...(uid !== undefined && { preconditions: { uid } }),
    },
  });
  if (status === 404) return true;
  const stays = objectOf(body["metadata"])["deletionTimestamp"] !== undefined;
  return status === 200 && !stays && body["kind"] === "Status";
}

/** Kinds in which people and controllers keep what must not be lost. */
const keptKinds = [
  "api/v1 configmaps",
  "api/v1 secrets",
  "api/v1 services",
  "api/v1 serviceaccounts",
  "api/v1 persistentvolumeclaims",
  "api/v1 pods",
  "apis/apps/v1 deployments",
  "apis/apps/v1 statefulsets",
  "apis/apps/v1 daemonsets",
  "apis/batch/v1 jobs",
  "apis/batch/v1 cronjobs",
  "apis/networking.k8s.io/v1 ingresses",
] as const;

/** So many objects of each kind are looked at; in a fuller namespace somebody else lives. */
const objectsMax = 100;
const requestsMax = 4;

/** Whether something in a namespace is not the placement's. Doubt counts as yes. */
async function isShared(namespace: string, owner: string, client: KubeClient): Promise<boolean> {
  const shared = await concurrently(keptKinds, requestsMax, async (kept) => {
    const [base = "", plural = ""] = kept.split(" ");
    const scope = `namespaces/${encodeURIComponent(namespace)}`;
    const path = `/${base}/${scope}/${plural}?limit=${objectsMax}`;
    const { status, body } = await client.ask({ method: "GET", path });
    if (status === 404) return false;
    const hasMore = (textOf(objectOf(body["metadata"])["continue"]) ?? "") !== "";
    const items = arrayOf(body["items"]).map(objectOf);
    return status !== 200 || hasMore || items.some((item) => isOthers(item, plural, owner));
  });
  return shared.includes(true);
}

/** Not for what is going, for what a controller made of something else, nor for what each has. */
function isOthers(item: JsonObject, plural: string, owner: string): boolean {
  const { name, deletionTimestamp, ownerReferences } = objectOf(item["metadata"]);
  if (deletionTimestamp !== undefined || arrayOf(ownerReferences).length > 0) return false;
  if (plural === "configmaps" && name === "kube-root-ca.crt") return false;
  if (plural === "serviceaccounts" && name === "default") return false;
  if (plural === "secrets" && item["type"] === "kubernetes.io/service-account-token") return false;
  const held = ownerOf(item);
  return held.kind === "nobody" || held.name !== owner || held.existedBefore;
}
