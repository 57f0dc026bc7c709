import { type CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { type ExportSeen, trafficGroup } from "../../../shared/traffic/model.ts";
import { messageOf } from "./export-seen.ts";
import { type RelayLog, textOf } from "./log.ts";
import type { ExportKept, ValidCondition } from "./objects.ts";

export const exportResource = {
  group: trafficGroup,
  version: "v1beta1",
  plural: "serviceexports",
} as const;

/** A write that failed is tried again after so long, at first and at most. */
const retryMillisecondsMin = 1000;
const retryMillisecondsMax = 60_000;

/** A ServiceExport as it was last seen, and what the fleet is told of it. */
export interface Judged {
  readonly from: ExportKept;
  readonly seen: ExportSeen;
}

export interface ValidWriter {
  /** The condition of this export may have to be written. */
  look(name: string): void;
  stop(): void;
}

/** Writes the condition `Valid` of exports, one at a time, each as it is when its turn comes. */
export function validWriter(
  objects: CustomObjectsApi,
  judge: (name: string) => Judged | undefined,
  log: RelayLog,
): ValidWriter {
  const waiting = new Set<string>();
  let isRunning = false;
  let isStopped = false;
  let retryMilliseconds = 0;
  let timer: NodeJS.Timeout | undefined;

  async function writeAll(): Promise<void> {
    for (const name of waiting) {
      if (isStopped) return;
      const judged = judge(name);
      if (judged !== undefined) await writeValid(objects, judged);
      waiting.delete(name);
      retryMilliseconds = 0;
    }
  }

  async function run(): Promise<void> {
    timer = undefined;
    isRunning = true;
    try {
      await writeAll();
    } catch (error) {
      const wait = Math.max(retryMilliseconds * 2, retryMillisecondsMin);
      retryMilliseconds = Math.min(wait, retryMillisecondsMax);
      log.warn(`Cannot write the condition of an export: ${textOf(error)}`, { retryMilliseconds });
      // The one that failed goes last: it must not hold up the others.
      const [failed = ""] = waiting;
      if (waiting.delete(failed)) waiting.add(failed);
    }
    isRunning = false;
    if (waiting.size > 0) schedule();
  }

  function schedule(): void {
    if (isRunning || isStopped || timer !== undefined) return;
    timer = setTimeout(() => void run(), retryMilliseconds);
  }

  return {
    look(name) {
      waiting.add(name);
      schedule();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** The condition `Valid` that a ServiceExport should have; undefined when it has it. */
export function validToWrite({ from, seen }: Judged, now: string): ValidCondition | undefined {
  const { namespace, name } = from.metadata;
  const wanted = {
    status: seen.validity === "ServiceIsValid" ? "True" : "False",
    reason: seen.validity,
    message: messageOf(seen.validity, `${namespace}/${name}`, seen),
    observedGeneration: from.generation,
  };
  const before = from.valid;
  const isWritten =
    before?.status === wanted.status &&
    before.reason === wanted.reason &&
    before.message === wanted.message &&
    before.observedGeneration === wanted.observedGeneration;
  if (isWritten) return undefined;
  const isSameStatus = before?.status === wanted.status;
  return { ...wanted, lastTransitionTime: isSameStatus ? before.lastTransitionTime : now };
}

/** Applies the one condition that is ours; others of the same object stay. */
async function writeValid(objects: CustomObjectsApi, judged: Judged): Promise<void> {
  const condition = validToWrite(judged, new Date().toISOString());
  if (condition === undefined) return;
  const { namespace, name } = judged.from.metadata;
  const { group, version } = exportResource;
  const body = {
    apiVersion: `${group}/${version}`,
    kind: "ServiceExport",
    metadata: { namespace, name },
    status: { conditions: [{ type: "Valid", ...condition }] },
  };
  await objects.patchNamespacedCustomObjectStatus(
    { ...exportResource, namespace, name, body, fieldManager: "hubless-relay", force: true },
    setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
  );
}
