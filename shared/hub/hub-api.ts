import { randomUUID } from "node:crypto";
import type { Effects } from "../effects/effects.ts";
import type { Store } from "../effects/store.ts";
import type { Kinds } from "../kube/kinds.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { type WatchSource, watchSource } from "../kube/watch/watch-source.ts";
import type { FleetId } from "../lib/document.ts";

/** What `kubectl version` shows: the API that the hub's machinery follows. */
export const serverVersion = "1.34.0";

/** The hub of a fleet as its own controllers use it: nobody asks, so everything is allowed. */
export function hubApi(
  fleet: FleetId,
  kinds: Kinds,
  { store, clock, log }: Pick<Effects, "store" | "clock" | "log">,
): KubeApi {
  return {
    store,
    fleet,
    kinds,
    basePath: "",
    clock,
    ids: randomUUID,
    watch: watches(store),
    serverVersion,
    collectsGarbage: true,
    log,
  };
}

const sources = new WeakMap<Store, WatchSource>();

/** All watches of a process share one poll of each fleet's changes. */
function watches(store: Store): WatchSource {
  const source = sources.get(store) ?? watchSource(store, {});
  sources.set(store, source);
  return source;
}
