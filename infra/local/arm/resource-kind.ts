import type { Cloud } from "./cloud.ts";
import type { ArmAnswer, ArmRequest } from "./request.ts";

type Serve = (cloud: Cloud, request: ArmRequest) => ArmAnswer | Promise<ArmAnswer>;

/** What the service does for one type of resource; what is left out answers 405. */
export interface ResourceKind {
  /** Spelled as ARM does: `Microsoft.ContainerService/managedClusters/agentPools`. */
  readonly type: string;
  readonly get?: Serve;
  readonly put?: Serve;
  readonly patch?: Serve;
  readonly remove?: Serve;
  /** GET of the collection. */
  readonly list?: Serve;
  /** POST to a resource, by the action in lower case. */
  readonly actions?: Readonly<Record<string, Serve>>;
}
