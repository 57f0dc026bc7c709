import type { Balancers } from "./balancers.ts";
import type { Callers } from "./callers.ts";
import type { Clock } from "./clock.ts";
import type { Clusters } from "./clusters.ts";
import type { Log } from "./log.ts";
import type { Members } from "./members.ts";
import type { Notices } from "./notices.ts";
import type { Store } from "./store.ts";
import type { Wakes } from "./wakes.ts";

/** Everything that the product can do to the world. Decisions cannot import this. */
export interface Effects {
  readonly store: Store;
  readonly wakes: Wakes;
  readonly clusters: Clusters;
  readonly members: Members;
  readonly balancers: Balancers;
  readonly callers: Callers;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Log;
}
