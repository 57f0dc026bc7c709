import type { EventGridEvent } from "./events.ts";
import type { Faults } from "./faults.ts";
import type { Operations } from "./operations.ts";
import type { State } from "./state.ts";
import type { Durations } from "./upgrade.ts";
import type { Catalogue } from "./versions.ts";

/** Gives the kubeconfig of a member cluster; undefined while it has none. */
export type KubeconfigSource = (request: {
  readonly clusterId: string;
  readonly role: "user" | "admin";
  /** `exec` or `azure`; undefined when the caller did not say. */
  readonly format: string | undefined;
}) => string | undefined | Promise<string | undefined>;

/** What every kind of resource works with. */
export interface Cloud {
  readonly state: State;
  readonly operations: Operations;
  readonly faults: Faults;
  readonly durations: Durations;
  readonly emit: (event: EventGridEvent) => void;
  readonly kubeconfig: KubeconfigSource;
  readonly catalogue: (location: string) => Catalogue;
  /** The origin of the URLs that it hands out. */
  readonly url: () => string;
  /** How many resources a page of a list holds. */
  readonly pageSize: number;
  /** What a second write to a load balancer meets while the first runs. */
  readonly whenBusy: "refuse" | "supersede";
  /** What a resource meets whose group is not there: Azure refuses it. */
  readonly missingGroups: "refuse" | "create";
  /** The `Retry-After` of an accepted operation; none when undefined. */
  readonly pollSeconds: number | undefined;
}
