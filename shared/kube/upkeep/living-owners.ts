/** What is left of the owners that an object's references name, and which of them it holds. */
import type { Document } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { textOf } from "../json.ts";
import { splitApiVersion } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";

/** Of an object that goes only after the dependents that block it. */
export const holdsForDependents = "foregroundDeletion";

export interface LivingOwner {
  readonly reference: JsonObject;
  readonly document: Document<KubeBody>;
}

/** Whether the object is on its way out, for whatever reason it is still there. */
export function isDeleted({ body }: Document<KubeBody>): boolean {
  return body.metadata.deletionTimestamp !== undefined;
}

/** Whether the object is being deleted in the foreground: as an owner, it keeps nobody alive. */
export function waitsForDependents(document: Document<KubeBody>): boolean {
  return (
    isDeleted(document) && document.body.metadata.finalizers?.includes(holdsForDependents) === true
  );
}

/** Whether an owner that is deleted in the foreground waits for the object with this reference. */
export function blocks(reference: JsonObject): boolean {
  return reference["blockOwnerDeletion"] === true;
}

/**
 * The owners that are there, also those on their way out. An owner of a kind that nobody serves is
 * not, nor is one in whose place another object of its name has come.
 */
export async function livingOwners(
  api: KubeApi,
  references: readonly JsonObject[],
  namespace: string | undefined,
): Promise<readonly LivingOwner[]> {
  const found = await Promise.all(
    references.map(async (reference): Promise<LivingOwner | undefined> => {
      const document = await ownerOf(api, reference, namespace);
      return document === undefined ? undefined : { reference, document };
    }),
  );
  return found.filter((owner) => owner !== undefined);
}

async function ownerOf(
  api: KubeApi,
  reference: JsonObject,
  namespace: string | undefined,
): Promise<Document<KubeBody> | undefined> {
  const [group] = splitApiVersion(textOf(reference["apiVersion"]) ?? "");
  const kind = api.kinds.findKind(group, textOf(reference["kind"]) ?? "");
  if (kind === undefined) return undefined;
  const place = { fleet: api.fleet, name: textOf(reference["name"]) ?? "" };
  const key = documentKey(kind, { ...place, ...(namespace !== undefined && { namespace }) });
  const document = await api.store.read(key);
  return document?.uid === reference["uid"] ? document : undefined;
}
