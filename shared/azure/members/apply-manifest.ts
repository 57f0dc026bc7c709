import { arrayOf, objectOf, textOf } from "../../kube/json.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import {
  identifierOf,
  type Manifest,
  type ManifestSeen,
  type ResourceIdentifier,
} from "../../rollout/model.ts";
import { availabilityOf } from "./availability.ts";
import { type Discovery, objectPath } from "./discovery.ts";
import type { KubeAnswer, KubeClient } from "./kube-client.ts";
import { marked, ownerOf } from "./ownership.ts";
import { withoutValues } from "./without-values.ts";

/** Who manages the fields that are applied, for Kubernetes' managed fields. */
export const fieldManager = "hubless";

/** A condition's message is cut there by whoever saves it; a Status can be longer. */
const messageCharactersMax = 512;

/** One member's API, and what it serves. */
export interface MemberApi {
  readonly client: KubeClient;
  readonly discovery: Discovery;
}

/**
 * Applies one object for a placement, as a server-side apply that wins over other managers: like
 * KubeFleet, whose default is to take over what it finds and to overwrite what drifted. What
 * belongs to another placement or has an owner in the member is not touched.
 */
export async function applyManifest(
  manifest: Manifest,
  owner: string,
  { client, discovery }: MemberApi,
): Promise<ManifestSeen> {
  const resource = identifierOf(manifest);
  const api = await discovery.find(manifest.apiVersion, resource.kind);
  if (api === undefined) {
    const wanted = `"${resource.kind}" in version "${manifest.apiVersion}"`;
    return failed(resource, "ManifestApplyFailed", `no matches for kind ${wanted}`);
  }
  const path = objectPath(api, resource);
  const found = await client.ask({ method: "GET", path });
  if (found.status !== 200 && found.status !== 404) return refused(manifest, found);

  const isThere = found.status === 200;
  const held = isThere ? ownerOf(found.body) : undefined;
  const taken = isThere ? whyTaken(found.body, owner) : undefined;
  if (taken !== undefined) return failed(resource, "FailedToTakeOver", taken);
  const existedBefore = isThere && (held?.kind !== "placement" || held.existedBefore);
  const apply = (existed: boolean) =>
    client.ask({
      method: "PATCH",
      path: `${path}?fieldManager=${fieldManager}&force=true`,
      contentType: "application/apply-patch+yaml",
      body: marked(manifest, owner, existed),
    });
  const applied = await apply(existedBefore);
  // Not created by us after all: somebody else was faster, and the object stays theirs.
  const isTheirs = !isThere && applied.status === 200;
  return answered(manifest, isTheirs ? await apply(true) : applied);
}

/** What another placement or a controller in the member holds is theirs. */
function whyTaken(object: JsonObject, owner: string): string | undefined {
  const held = ownerOf(object);
  if (held.kind === "placement") {
    return held.name === owner ? undefined : `belongs to placement "${held.name}"`;
  }
  const [first] = arrayOf(objectOf(object["metadata"])["ownerReferences"]).map(objectOf);
  return first && `is owned by ${String(first["kind"])} "${String(first["name"])}"`;
}

function answered(manifest: Manifest, answer: KubeAnswer): ManifestSeen {
  if (answer.status !== 200 && answer.status !== 201) return refused(manifest, answer);
  const resource = identifierOf(manifest);
  const { group, kind } = resource;
  return { kind: "applied", resource, ...availabilityOf(group, kind, answer.body) };
}

function refused(manifest: Manifest, answer: KubeAnswer): ManifestSeen {
  const message = withoutValues(refusalOf(answer), manifest);
  return failed(identifierOf(manifest), "ManifestApplyFailed", message);
}

const failed = (resource: ResourceIdentifier, reason: string, message: string): ManifestSeen => ({
  kind: "failed",
  resource,
  reason,
  message: message.slice(0, messageCharactersMax),
});

/** What a `Status` says, with its code. */
function refusalOf({ status, body }: KubeAnswer): string {
  return `${textOf(objectOf(body)["message"]) ?? "refused"} (${status})`;
}
