/**
 * What a computation may still cost. One meter is shared by all that one request computes, so no
 * number of small steps can hang the process.
 */
export interface Meter {
  /** In steps: about 100 ns each. */
  left: number;
}

/** The meter of the run that is under way. Runs are synchronous, so there is one at a time. */
export interface Metered {
  meter: Meter;
}

/** Thrown when a meter is used up. Everything metered fails from then on, at its first step. */
export class BudgetSpentError extends Error {
  override readonly name = "BudgetSpentError";

  constructor() {
    super("cost budget spent");
  }
}

/** One for all: who goes on after it, as `||` does, meets it once per step. */
const budgetSpent = new BudgetSpentError();

export function spend(meter: Meter, steps: number): void {
  meter.left -= steps;
  if (meter.left < 0) throw budgetSpent;
}
