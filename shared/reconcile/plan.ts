import type { Precondition, Write } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";

/**
 * What one look should change. Pure code returns it; `reconcile` carries it out, in this order:
 * save, act, wake. Saving first records the intent, so a crash before `actions` is repaired by
 * deciding again; this is why each action must be safe to repeat, and why actions follow from what
 * is saved, never from the transition that saved it.
 */
export interface Plan<Action = never> {
  /** One commit; empty when nothing changes. */
  readonly writes: readonly Write[];
  /** What else must still hold when the commit is made. */
  readonly require?: readonly Precondition[];
  readonly actions: readonly Action[];
  /**
   * Look again no later than this, even when nothing changes. It is saved in the looked-at
   * document, so it must be computed from what is saved, not from `now`: a moment that moves with
   * each look would save at each look.
   */
  readonly wakeAt?: Instant;
  /** There is more to write than one commit takes: look again at once. */
  readonly again?: boolean;
  /** One sentence for the log, the status condition and the dashboard. */
  readonly because: string;
}
