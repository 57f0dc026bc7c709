import { z } from "zod";
import { memberKind } from "../../fleet/model.ts";
import type { Document, Kind, Write } from "../../lib/document.ts";
import { isEqual } from "../../lib/equal.ts";
import { emptyStatus, fillStep } from "../../updates/fill.ts";
import { refsOfRun, runRef } from "../../updates/keys.ts";
import {
  groupKind,
  memberProgressKind,
  runKind,
  type Strategy,
  stageSlotsKind,
  type UpdateRun,
  type UpgradeSpec,
} from "../../updates/model.ts";
import { isActive } from "../../updates/run-state.ts";
import { ArmError, invalid, notAllowed } from "../arm-error.ts";
import { parseBody, readOnly } from "../request-body.ts";
import type { AdminCall, Change, ServedResource } from "../served-resource.ts";
import { systemDataOf } from "../system-data.ts";
import { strategyOf, strategyShape } from "./strategy-shape.ts";
import { startRun, stopRun } from "./update-run-actions.ts";
import { showRun } from "./update-run-status.ts";
import { strategyNamed } from "./update-run-strategy.ts";

const version = z
  .string()
  .regex(/^v?\d+\.\d+(\.\d+)?$/i, 'must be a version: "1.34.1", or "1.34" for any patch of it');
const upgrade = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["Full", "ControlPlaneOnly"]), kubernetesVersion: version }),
  z.strictObject({
    type: z.literal("NodeImageOnly"),
    kubernetesVersion: z.null('must be left out for "NodeImageOnly"').optional(),
  }),
]);
const images = z
  .strictObject({ type: z.literal("Latest", 'must be "Latest": others are not supported') })
  .nullish();

const shape = z.object({
  properties: z.strictObject({
    updateStrategyId: z.string().max(2_048).nullish(),
    strategy: strategyShape.nullish(),
    managedClusterUpdate: z.strictObject({ upgrade, nodeImageSelection: images }),
    provisioningState: readOnly,
    status: readOnly,
    autoUpgradeProfileId: readOnly,
  }),
});

type Properties = z.infer<typeof shape>["properties"];

/** A deletion takes two of a commit's 98 places, and the run is one. */
const removedAtOnceMax = 48;

/** Members of a new run that its own commit writes down; its controller does the rest. */
const firstPageMax = 90;

export const updateRunResource: ServedResource<UpdateRun> = {
  type: "fleets/updateRuns",
  kind: runKind,
  nameMax: 50,
  changedBy: "writer",
  // Each run is shown with all of its members.
  pageMax: 10,

  show: showRun,

  async put(body, before, call) {
    const { properties } = parseBody(shape, body);
    const strategy = await strategyFor(properties, before, call);
    return before === undefined
      ? await created(properties, strategy, call)
      : edited(properties, strategy, { before, call });
  },

  /** One commit removes a run of ordinary size; of a large one, its controller removes the rest. */
  async remove(document, { effects: { store }, key }) {
    if (isActive(document.body)) {
      throw notAllowed(`Cannot delete update run "${key.name}": it must be stopped first`);
    }
    const { fleet, name } = key;
    const kinds: readonly Kind[] = [memberProgressKind, groupKind, stageSlotsKind];
    const pages = await Promise.all(
      kinds.map(
        async (kind) =>
          await store.list({ fleet, kind, ref: runRef(name), limit: removedAtOnceMax }),
      ),
    );
    const contents = pages.flatMap(({ documents }) => documents);
    const removed = [...contents, document].map(
      (each): Write => ({ kind: "delete", document: each }),
    );
    if (contents.length < removedAtOnceMax && document.body.contents.kind === "full") {
      return { kind: "gone", writes: removed };
    }
    const body: UpdateRun = { ...document.body, contents: { kind: "clearing", next: "delete" } };
    return { kind: "later", writes: [{ kind: "replace", document, body }] };
  },

  actions: {
    start: { kind: "change", change: startRun },
    stop: { kind: "change", change: stopRun },
  },
};

/** Either of two fields would do: the error names the one that most runs have. */
const strategyField = "properties.updateStrategyId";

interface Chosen {
  readonly strategyId?: string;
  readonly strategy?: Strategy;
}

/**
 * The strategy that is named, copied; or the one that is said. ARM takes a run without one, for all
 * members one by one; here an order that nobody chose is refused.
 */
async function strategyFor(
  { updateStrategyId, strategy }: Properties,
  before: Document<UpdateRun> | undefined,
  call: AdminCall,
): Promise<Chosen> {
  const said = strategy ? strategyOf(strategy, before?.body.strategy, call.apiVersion) : undefined;
  if (!updateStrategyId && said === undefined) {
    const message =
      "A required property is missing: a run needs updateStrategyId or strategy in its properties";
    throw new ArmError(400, "RequiredPropertyMissing", message, { target: strategyField });
  }
  if (!updateStrategyId) return { ...(said !== undefined && { strategy: said }) };
  const { strategyId, strategy: kept } = before?.body ?? {};
  const isSame = strategyId?.toLowerCase() === updateStrategyId.toLowerCase();
  // Who reads a run and writes it back names both: the copy that was made stays.
  if (isSame && kept !== undefined && (said === undefined || isEqual(said, kept))) {
    return { strategyId: updateStrategyId, strategy: kept };
  }
  if (said !== undefined) {
    const message = "Cannot take both updateStrategyId and strategy: one must be left out";
    throw invalid("properties.updateStrategyId", message);
  }
  return { strategyId: updateStrategyId, strategy: await strategyNamed(updateStrategyId, call) };
}

function upgradeFrom({ managedClusterUpdate }: Properties): UpgradeSpec {
  const wanted = managedClusterUpdate.upgrade;
  if (wanted.type === "NodeImageOnly") return { type: wanted.type };
  return { type: wanted.type, kubernetesVersion: wanted.kubernetesVersion.replace(/^v/i, "") };
}

/** The run with its first members, in one commit: all of them, in fleets of ordinary size. */
async function created(
  properties: Properties,
  chosen: Chosen,
  { effects, caller, key }: AdminCall,
): Promise<Change<UpdateRun>> {
  const { nodeImageSelection } = properties.managedClusterUpdate;
  const empty: UpdateRun = {
    ...chosen,
    upgrade: upgradeFrom(properties),
    ...(nodeImageSelection && { nodeImageSelection }),
    wanted: "NotStarted",
    starts: 0,
    contents: { kind: "filling" },
    counts: { failed: 0 },
    status: emptyStatus(chosen),
    systemData: systemDataOf(caller, effects.clock.now(), undefined),
  };
  const { fleet, name } = key;
  const page = await effects.store.list({ fleet, kind: memberKind, limit: firstPageMax });
  const { run, writes } = fillStep({
    fleet,
    name,
    run: empty,
    page: page.documents,
    ...(page.next !== undefined && { next: page.next }),
    groups: new Map(),
  });
  return { body: run, refs: refsOfRun(run), writes };
}

/** Until a run starts it may change; then only what changes nothing is taken. */
function edited(
  properties: Properties,
  chosen: Chosen,
  { before, call }: { readonly before: Document<UpdateRun>; readonly call: AdminCall },
): Change<UpdateRun> {
  const { body } = before;
  const { strategyId: _id, strategy: kept, nodeImageSelection: _images, ...rest } = body;
  const { nodeImageSelection } = properties.managedClusterUpdate;
  const next = { ...chosen, upgrade: upgradeFrom(properties) };
  const isSamePlan = isEqual(chosen.strategy, kept);
  const isSame = isSamePlan && isEqual(next.upgrade, body.upgrade);
  if (body.contents.kind === "clearing") {
    throw notAllowed(`Cannot change update run "${before.key.name}": its members are written anew`);
  }
  if (!isSame && body.starts > 0) {
    throw notAllowed(`Cannot change update run "${before.key.name}": it was started already`);
  }
  const now = call.effects.clock.now();
  return {
    body: {
      ...rest,
      ...next,
      ...(nodeImageSelection && { nodeImageSelection }),
      contents: isSamePlan ? body.contents : { kind: "clearing", next: "fill" },
      systemData: systemDataOf(call.caller, now, body.systemData),
    },
  };
}
