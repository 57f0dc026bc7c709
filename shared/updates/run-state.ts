/** What follows from a run's document alone. */
import type { ClusterUpgrade, KubernetesVersion } from "../fleet/model.ts";
import { unreachable } from "../lib/unreachable.ts";
import type { StageSpec, UpdateRun, UpdateState } from "./model.ts";

/** The name that ARM's status shows where the run has no strategy. */
const defaultStages: readonly StageSpec[] = [{ name: "default", groups: [{ name: "default" }] }];

export const stagesOf = (run: Pick<UpdateRun, "strategy">): readonly StageSpec[] =>
  run.strategy?.stages ?? defaultStages;

/** Asked to start, and not over since. */
export const isActive = (run: UpdateRun): boolean => isUnderWay(run) || isStartOwed(run);

export const isUnderWay = ({ status }: UpdateRun): boolean =>
  status.state === "Running" || status.state === "Stopping";

export const isStartOwed = (run: UpdateRun): boolean =>
  run.wanted === "Started" && run.starts > run.status.attempt;

/** No member may begin: a person stopped the run, or a member failed. */
export const isHalted = (run: UpdateRun): boolean =>
  run.status.state !== "Running" || run.wanted === "Stopped" || run.counts.failed > 0;

/** Members of this stage may begin. */
export const isOpen = (run: UpdateRun, stage: number): boolean =>
  !isHalted(run) && run.contents.kind === "full" && run.status.stage === stage;

/** Nothing more happens in it, however often the run is started. */
export const isOver = (state: UpdateState): boolean => state === "Completed" || state === "Skipped";

/** Over, or halted with nothing in flight. */
export const isSettled = (state: UpdateState): boolean =>
  isOver(state) || state === "Failed" || state === "Stopped";

export function upgradeOf({ upgrade }: UpdateRun): ClusterUpgrade {
  switch (upgrade.type) {
    case "Full":
      return { kind: "full", to: upgrade.kubernetesVersion as KubernetesVersion };
    case "ControlPlaneOnly":
      return { kind: "control-plane", to: upgrade.kubernetesVersion as KubernetesVersion };
    case "NodeImageOnly":
      return { kind: "node-image" };
    default:
      return unreachable(upgrade);
  }
}
