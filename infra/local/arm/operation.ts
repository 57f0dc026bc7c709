/** A change that takes time: what is left of it, and how Azure tells of it. */
export interface Operation {
  /** A GUID, the last segment of the URLs to poll. */
  readonly id: string;
  readonly subscriptionId: string;
  /** The namespace of the provider, such as `Microsoft.Network`. */
  readonly provider: string;
  readonly location: string;
  /** The resource that is changed. */
  readonly resourceId: string;
  /** While it runs, nothing else may change this one: the cluster, the load balancer. */
  readonly lockId: string;
  /** `Microsoft.ContainerService/managedClusters/write`. */
  readonly name: string;
  /** What it is called to somebody who has to wait: `upgrade managed cluster`. */
  readonly title: string;
  readonly cause: Cause;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly status: "InProgress" | "Succeeded" | "Failed" | "Canceled";
  readonly error?: OperationError;
  /** How it will fail, when a fault says so. */
  readonly failsWith?: OperationError;
  /** What is still to be done; the first of them at `dueAt`, in milliseconds since 1970. */
  readonly steps: readonly Step[];
  readonly dueAt: number;
}

export interface OperationError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly code: string; readonly message: string }[];
}

/** Who asked for it, for the events that tell of it. */
export interface Cause {
  readonly objectId: string;
  readonly appId: string;
  readonly tenantId: string;
  readonly method: string;
  readonly url: string;
  readonly clientRequestId: string;
  readonly correlationId: string;
  /** Azure's events about a creation have no `httpRequest`. */
  readonly isCreation: boolean;
}

/** One moment of an operation; seconds are those of Azure, so a faster simulation waits less. */
export type Step = { readonly afterSeconds: number } & StepChange;

export type StepChange =
  /** The resource is there and well. */
  | { readonly kind: "settle" }
  /** The resource and all below it are gone. */
  | { readonly kind: "remove" }
  /** The control plane answers as this version. */
  | { readonly kind: "control-plane"; readonly version: string }
  | {
      readonly kind: "pool-begins";
      readonly poolId: string;
      readonly version: string;
      readonly image: string;
    }
  /** The next nodes of the pool are made anew, `batch` at a time, until none is left. */
  | { readonly kind: "nodes"; readonly poolId: string; readonly batch: number }
  | { readonly kind: "pool-ends"; readonly poolId: string }
  | { readonly kind: "power"; readonly code: "Running" | "Stopped" }
  /** The public address gets its address. */
  | { readonly kind: "allocate" };
