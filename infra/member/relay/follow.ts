import { type KubeConfig, type KubernetesObject, ListWatch, Watch } from "@kubernetes/client-node";
import { type RelayLog, textOf } from "./log.ts";

export interface Resource<Kept extends KubernetesObject> {
  /** "/apis/discovery.k8s.io/v1/endpointslices" */
  readonly path: string;
  /** One page: all objects from where the page before ended. */
  readonly list: (after: string | undefined) => Promise<ResourcePage>;
  /** What is kept of an object. */
  readonly keep: (received: object) => Kept;
  readonly onChange: (kept: Kept, isDeleted: boolean) => void;
}

export interface ResourcePage {
  readonly items: readonly object[];
  readonly resourceVersion: string;
  readonly next?: string;
}

export interface Following {
  /** Resolves once all that there was has been told by `onChange`; never when stopped before. */
  readonly synced: Promise<void>;
  stop(): void;
}

/** A watch that broke is taken up again after so long, at first and at most. */
const retryMillisecondsMin = 500;
const retryMillisecondsMax = 30_000;

/**
 * Follows all objects of a resource: lists them in pages, then watches from there; takes a broken
 * watch up where it ended, and lists again when the server has forgotten that (410).
 */
export function follow<Kept extends KubernetesObject>(
  kubeConfig: KubeConfig,
  { path, list, keep, onChange }: Resource<Kept>,
  log: RelayLog,
): Following {
  const { promise: synced, resolve: setSynced } = Promise.withResolvers<void>();
  let isStopped = false;
  let retryMilliseconds = retryMillisecondsMin;
  const timers = new Set<NodeJS.Timeout>();
  const later = (milliseconds: number, then: () => void): void => {
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, milliseconds);
    timers.add(timer);
  };

  const listAll = async () => {
    const items: Kept[] = [];
    let after: string | undefined;
    let resourceVersion = "";
    do {
      const page = await list(after);
      items.push(...page.items.map(keep));
      resourceVersion = page.resourceVersion;
      after = page.next;
    } while (after !== undefined && !isStopped);
    retryMilliseconds = retryMillisecondsMin;
    // The informer tells the items as soon as it has them, before anything else gets a turn.
    setImmediate(setSynced);
    return { items, metadata: { resourceVersion } };
  };
  const informer = new ListWatch<Kept>(
    path,
    slimWatch(kubeConfig, keep, () => isStopped),
    listAll as never,
    false,
    undefined,
    undefined,
    { delayFn: (milliseconds: number) => new Promise((done) => later(milliseconds, () => done())) },
  );
  informer.on("add", (kept) => onChange(kept, false));
  informer.on("update", (kept) => onChange(kept, false));
  informer.on("delete", (kept) => onChange(kept, true));
  informer.on("error", (error: unknown) => {
    if (isStopped) return;
    log.warn(`Cannot watch ${path}: ${textOf(error)}`, { retryMilliseconds });
    later(retryMilliseconds * (0.5 + Math.random()), () => void informer.start());
    retryMilliseconds = Math.min(retryMilliseconds * 2, retryMillisecondsMax);
  });
  void informer.start();
  return {
    synced,
    stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      void informer.stop();
    },
  };
}

/** A watch that keeps little of what it receives, opens nothing once stopped, and never throws. */
function slimWatch<Kept extends KubernetesObject>(
  kubeConfig: KubeConfig,
  keep: (received: object) => Kept,
  isStopped: () => boolean,
): Watch {
  const watch = new Watch(kubeConfig);
  const slim: Pick<Watch, "watch"> = {
    async watch(path, query, callback, done) {
      if (isStopped()) return new AbortController();
      try {
        const onEvent: typeof callback = (phase, object: object, event) =>
          callback(phase, phase === "ERROR" || phase === "BOOKMARK" ? object : keep(object), event);
        return await watch.watch(path, { ...query, allowWatchBookmarks: true }, onEvent, done);
      } catch (error) {
        done(error);
        return new AbortController();
      }
    },
  };
  return slim as Watch;
}
