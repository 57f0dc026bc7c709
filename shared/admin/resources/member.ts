import { z } from "zod";
import { listAll } from "../../effects/list-all.ts";
import { clusterIdOf, clusterRef, type Member, memberKind } from "../../fleet/model.ts";
import { newMember } from "../../fleet/new-member.ts";
import { isClusterArmId } from "../../lib/arm-id.ts";
import type { Document, Precondition } from "../../lib/document.ts";
import { knows } from "../api-version.ts";
import { ArmError, invalid, notAllowed } from "../arm-error.ts";
import { parseBody, readOnly } from "../request-body.ts";
import type { AdminCall, Change, ServedResource } from "../served-resource.ts";
import { systemDataOf } from "../system-data.ts";

/** As Azure's: https://learn.microsoft.com/azure/kubernetes-fleet/faq */
const membersMax = 1_000;

const group = z
  .string()
  .max(50)
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/, 'must be of a-z, 0-9 and "-"')
  .nullish();
const labels = z
  .record(
    z.string().regex(/^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/),
    z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/),
  )
  .refine((all) => Object.keys(all).length <= 100, "at most 100 labels")
  .nullish();

const shown = { provisioningState: readOnly, status: readOnly, meshProperties: readOnly };

const putShape = z.object({
  properties: z.strictObject({
    clusterResourceId: z.string().max(2_048),
    group,
    labels,
    ...shown,
  }),
});
const patchShape = z.object({
  properties: z.strictObject({ group, labels, ...shown }).nullish(),
});

export const memberResource: ServedResource<Member> = {
  type: "fleets/members",
  kind: memberKind,
  nameMax: 50,
  changedBy: "administrator",
  pageMax: 100,

  async show({ body }) {
    const { clusterResourceId, labels: ofPerson, systemData } = body.arm;
    const updateGroup = body.arm.group ?? body.arm.clusterGroup;
    const properties = {
      clusterResourceId,
      ...(updateGroup !== undefined && { group: updateGroup }),
      ...(ofPerson !== undefined && { labels: ofPerson }),
      provisioningState: provisioningState(body),
    };
    return { systemData, properties };
  },

  async put(body, before, call) {
    const { properties } = parseBody(putShape, body);
    return before === undefined
      ? await joined(properties, call)
      : changed(before, stays(before, properties, call), call);
  },

  async patch(body, before, call) {
    const { properties } = parseBody(patchShape, body);
    mayChange(before);
    return changed(before, properties ?? {}, call);
  },

  /** It stays until the fleet has let go of it: its look removes the document. */
  async remove(document, { effects }) {
    const { body } = document;
    if (body.metadata.deletionTimestamp !== undefined) return { kind: "later", writes: [] };
    const metadata = { ...body.metadata, deletionTimestamp: effects.clock.now() };
    return {
      kind: "later",
      writes: [{ kind: "replace", document, body: { ...body, metadata } }],
    };
  },
};

/** Joining ends with the first look at the cluster. */
function provisioningState({ metadata, status }: Member): string {
  if (metadata.deletionTimestamp !== undefined) return "Leaving";
  const isSeen = status.conditions.length > 0 || status.cluster !== undefined;
  return isSeen ? "Succeeded" : "Joining";
}

type Properties = z.infer<typeof putShape>["properties"];

async function joined(properties: Properties, call: AdminCall): Promise<Change<Member>> {
  const { clusterResourceId } = properties;
  if (!isClusterArmId(clusterResourceId)) {
    const message = `Cannot join "${clusterResourceId}": must be the ARM id of an AKS cluster`;
    throw invalid("properties.clusterResourceId", message);
  }
  const alone = await mustBeAlone(clusterResourceId, call);
  await mustHaveRoom(call);
  const { effects, key, caller } = call;
  const cluster = await effects.clusters.see(clusterIdOf(clusterResourceId));
  if (cluster === undefined) {
    const message = `Cannot join "${clusterResourceId}": the cluster was not found`;
    throw invalid("properties.clusterResourceId", message);
  }
  const { body, refs } = newMember({
    fleet: key.fleet,
    name: key.name,
    clusterResourceId,
    ...(properties.group && { group: properties.group }),
    ...(properties.labels && { labels: properties.labels }),
    joinedBy: "api",
    systemData: systemDataOf(caller, effects.clock.now(), undefined),
  });
  return { body, refs, require: [alone] };
}

/** A cluster is in one fleet, once. Holds within a fleet even for two who join it at once. */
async function mustBeAlone(cluster: string, { effects, key }: AdminCall): Promise<Precondition> {
  const { fleet } = key;
  const { revision } = await effects.store.head(fleet);
  const about = await effects.store.referring(clusterRef(clusterIdOf(cluster)));
  const other = about.find(({ kind }) => kind === memberKind);
  if (other !== undefined) {
    const code =
      other.fleet === fleet ? "ClusterAlreadyJoinedFleet" : "ClusterAlreadyJoinedAnotherFleet";
    const message = `Cannot join "${cluster}": it is member "${other.name}" of "${other.fleet}"`;
    throw new ArmError(409, code, message, { target: "properties.clusterResourceId" });
  }
  return { kind: "none-changed-since", fleet, documents: memberKind, revision };
}

async function mustHaveRoom({ effects, key }: AdminCall): Promise<void> {
  const query = { fleet: key.fleet, kind: memberKind };
  const members = await listAll(effects.store, query, membersMax);
  if (members.length < membersMax) return;
  const message = `Cannot join a cluster: a fleet has at most ${membersMax} members`;
  throw new ArmError(409, "FleetMemberLimitReached", message);
}

function mayChange({ key, body }: Document<Member>): void {
  if (body.metadata.deletionTimestamp === undefined) return;
  throw notAllowed(`Cannot change member "${key.name}": it is leaving the fleet`);
}

/** Which cluster it is cannot change; labels stay for callers who do not know them. */
function stays(before: Document<Member>, properties: Properties, call: AdminCall) {
  mayChange(before);
  const { clusterResourceId, labels: kept } = before.body.arm;
  if (clusterIdOf(clusterResourceId) !== clusterIdOf(properties.clusterResourceId)) {
    const message = `Cannot change the cluster of a member: must be "${clusterResourceId}"`;
    throw new ArmError(400, "PropertyChangeNotAllowed", message, {
      target: "properties.clusterResourceId",
    });
  }
  const knowsLabels = knows(call.apiVersion, "2025-04-01");
  const said = knowsLabels ? (properties.labels ?? {}) : kept;
  return { group: properties.group ?? "", labels: said };
}

/** A field that is left out stays; an empty group is none. */
function changed(
  { body }: Document<Member>,
  change: z.infer<typeof patchShape>["properties"] & object,
  call: AdminCall,
): Change<Member> {
  const { group: groupBefore, labels: labelsBefore = {}, ...arm } = body.arm;
  const groupAfter = change.group === undefined ? groupBefore : change.group || undefined;
  const labelsAfter = change.labels ?? labelsBefore;
  const own = Object.entries(body.metadata.labels ?? {}).filter(
    ([name]) => !(name in labelsBefore),
  );
  const now = call.effects.clock.now();
  return {
    body: {
      ...body,
      metadata: {
        ...body.metadata,
        labels: { ...arm.clusterLabels, ...Object.fromEntries(own), ...labelsAfter },
      },
      arm: {
        ...arm,
        ...(groupAfter !== undefined && { group: groupAfter }),
        ...(Object.keys(labelsAfter).length > 0 && { labels: labelsAfter }),
        systemData: systemDataOf(call.caller, now, arm.systemData),
      },
    },
  };
}
