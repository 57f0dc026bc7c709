/**
 * What an update run is. A run and its groups are documents of constant size; what happens to one
 * member is a document of its own, so that the end of one upgrade costs the same in any fleet.
 */
import type { ClusterId, ClusterUpgrade, MemberName, SystemData } from "../fleet/model.ts";
import { kind } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";

/** An order of stages, as ARM's `UpdateRunStrategy` says it. */
export interface Strategy {
  readonly stages: readonly StageSpec[];
}

/** Stages run one after another; the groups of a stage run side by side. */
export interface StageSpec {
  readonly name: string;
  readonly groups: readonly GroupSpec[];
  /** Seconds between the last member of the stage and the next stage; 0 when left out. */
  readonly afterStageWaitInSeconds?: number;
  /** At most so many of its members upgrade at once: "3" or "25%"; 50 when left out. */
  readonly maxConcurrency?: string;
}

/** The members whose update group has this name. */
export interface GroupSpec {
  readonly name: string;
  /** At most so many of its members upgrade at once: "3" or "25%"; 1 when left out. */
  readonly maxConcurrency?: string;
}

/** A strategy that runs can name. A run keeps its own copy. */
export interface UpdateStrategy {
  readonly strategy: Strategy;
  readonly systemData: SystemData;
}
export const strategyKind = kind<UpdateStrategy>(
  "microsoft.containerservice/fleets/updatestrategies",
);

/** ARM's words, as users see them. */
export type UpdateState =
  | "NotStarted"
  | "Running"
  | "Stopping"
  | "Stopped"
  | "Skipped"
  | "Failed"
  | "Completed";

/** ARM's `managedClusterUpdate.upgrade`. */
export type UpgradeSpec =
  | {
      readonly type: "Full" | "ControlPlaneOnly";
      /** "1.34.1", or "1.34" for any patch of it. */
      readonly kubernetesVersion: string;
    }
  | { readonly type: "NodeImageOnly" };

/** Brings the members of a fleet to one version, stage by stage. */
export interface UpdateRun {
  /** The ARM id of the strategy that `strategy` was copied from. */
  readonly strategyId?: string;
  /** Left out: all members, one by one. */
  readonly strategy?: Strategy;
  readonly upgrade: UpgradeSpec;
  readonly nodeImageSelection?: { readonly type: "Latest" };
  /** What a person asked for last. */
  readonly wanted: "NotStarted" | "Started" | "Stopped";
  /** How often a person asked to start: each start tries what failed again. */
  readonly starts: number;
  readonly contents: RunContents;
  /** `failed`: members that failed since the last start. */
  readonly counts: { readonly failed: number };
  readonly status: RunStatus;
  readonly systemData: SystemData;
}
export const runKind = kind<UpdateRun>("microsoft.containerservice/fleets/updateruns");

/** How far the documents of a run's groups and members are written, or removed again. */
export type RunContents =
  | {
      readonly kind: "filling";
      /** Where the page of members begins: the `next` of the page before it. */
      readonly page?: string;
      /** Members up to this name are in the run already. */
      readonly upTo?: string;
    }
  | { readonly kind: "full" }
  | { readonly kind: "clearing"; readonly next: "fill" | "delete" };

export interface RunStatus {
  readonly state: UpdateState;
  /** The start that it carries out, or did last: 0 before the first. */
  readonly attempt: number;
  /** Index of the current stage. */
  readonly stage: number;
  readonly startedAt?: Instant;
  readonly completedAt?: Instant;
  /** One for each stage of the strategy. */
  readonly stages: readonly StageStatus[];
}

export interface StageStatus {
  readonly state: UpdateState;
  /** How many members it has, in all groups. */
  readonly members: number;
  readonly startedAt?: Instant;
  /** When its last group was over, and the wait began. */
  readonly waitSince?: Instant;
  readonly completedAt?: Instant;
}

/** One group of one stage; there is none for a group without members. */
export interface GroupProgress {
  readonly run: string;
  readonly stage: number;
  readonly group: number;
  readonly total: number;
  /** Ordinal of the first member that was never begun. */
  readonly next: number;
  readonly counts: GroupCounts;
  readonly state: UpdateState;
  /** The run's attempt that it last took part in. */
  readonly attempt: number;
  readonly startedAt?: Instant;
  readonly completedAt?: Instant;
}
export const groupKind = kind<GroupProgress>("hubless/updaterungroups");

/** How many members of a group are in each state; those never begun are the rest. */
export interface GroupCounts {
  readonly upgrading: number;
  readonly upgraded: number;
  readonly skipped: number;
  readonly failed: number;
  /** Wait to be begun again, before those that were never begun. */
  readonly retry: number;
}
export const noCounts: GroupCounts = {
  upgrading: 0,
  upgraded: 0,
  skipped: 0,
  failed: 0,
  retry: 0,
};

/** The places that the groups of a stage share; only where their sum may be over the stage's. */
export interface StageSlots {
  readonly run: string;
  readonly stage: number;
  /** How many groups share them. */
  readonly groups: number;
  readonly counts: { readonly upgrading: number };
}
export const stageSlotsKind = kind<StageSlots>("hubless/updaterunstages");

/** What becomes of one member in one run. */
export interface MemberProgress {
  readonly run: string;
  readonly stage: number;
  readonly group: number;
  readonly ordinal: number;
  readonly member: MemberName;
  readonly clusterId: ClusterId;
  /** In the case of its creation. */
  readonly clusterResourceId: string;
  readonly state: MemberState;
}
export const memberProgressKind = kind<MemberProgress>("hubless/updaterunmembers");

export type MemberState =
  | { readonly kind: "waiting" }
  | Upgrading
  | { readonly kind: "upgraded"; readonly since: Instant; readonly at: Instant }
  | { readonly kind: "failed"; readonly since: Instant; readonly at: Instant; reason: string }
  | { readonly kind: "skipped"; readonly at: Instant; readonly reason: string };

/** Its turn has come. It keeps its place in the group until the cluster says how it ended. */
export interface Upgrading {
  readonly kind: "upgrading";
  readonly since: Instant;
  /** How often ARM was asked to start. */
  readonly attempts: number;
  /** A start that the cluster does not show by then is asked for again. */
  readonly startBy: Instant;
  /** The cluster's ETag before the last start. */
  readonly etag: string;
  /** ARM accepted the start, or the cluster shows the upgrade. */
  readonly begun: boolean;
  /** Why ARM will never start it. */
  readonly refusal?: string;
  /** Why it has not begun yet. */
  readonly message?: string;
}

/** What ARM said to a start, as far as the member's next look needs it. */
export type StartAnswer =
  | { readonly kind: "accepted" | "changed-meanwhile" }
  | { readonly kind: "busy" | "refused"; readonly reason: string };

/** ARM is asked to start the upgrade of one cluster. */
export interface StartUpgrade {
  readonly kind: "start-upgrade";
  /** The member's progress. */
  readonly progress: string;
  readonly upgrade: ClusterUpgrade;
}
