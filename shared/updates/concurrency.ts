import type { GroupSpec, StageSpec } from "./model.ts";

/** The most members of one stage that upgrade at once, whatever the strategy says. */
export const stageConcurrencyMax = 50;

/**
 * "3" or "25%" of the members; a percentage is rounded down, and is at least 1.
 *
 * @see https://learn.microsoft.com/azure/kubernetes-fleet/update-orchestration
 */
export function resolveConcurrency(text: string, members: number): number {
  const amount = Number.parseInt(text, 10);
  const resolved = text.endsWith("%") ? Math.floor((members * amount) / 100) : amount;
  return Math.min(Math.max(resolved, 1), stageConcurrencyMax);
}

export const stageConcurrency = (stage: StageSpec, members: number): number =>
  resolveConcurrency(stage.maxConcurrency ?? String(stageConcurrencyMax), members);

export const groupConcurrency = (group: GroupSpec, members: number): number =>
  resolveConcurrency(group.maxConcurrency ?? "1", members);

/**
 * Whether the groups of a stage must share its places. Where nobody asked for more than one member
 * at a time, as many groups as a stage may have stay within the stage's 50.
 */
export const sharesSlots = ({ groups, maxConcurrency }: StageSpec): boolean =>
  groups.length > 1 &&
  (maxConcurrency !== undefined ||
    groups.some((group) => group.maxConcurrency !== undefined) ||
    groups.length > stageConcurrencyMax);
