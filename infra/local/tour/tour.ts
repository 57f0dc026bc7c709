import { balance } from "./balance.ts";
import type { TourClients } from "./clients.ts";
import { join, joinLater } from "./join.ts";
import { place } from "./place.ts";
import type { Step, TourContext, TourResult } from "./step.ts";
import { upgrade } from "./upgrade.ts";

export interface TourOptions {
  readonly clients: TourClients;
  readonly clusters: number;
  /** Prints a line. */
  readonly print: (line: string) => void;
}

export interface Toured extends TourResult {
  /** "ok", or the name of the step that did not happen. */
  readonly tour: string;
  readonly seconds: number;
}

const steps: readonly Step[] = [join, place, joinLater, upgrade, balance];

/** Plays the tour; a step that does not happen ends it, with what was expected and seen. */
export async function playTour({ clients, clusters, print }: TourOptions): Promise<Toured> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const result: TourResult = { members: [], placed: {} };
  const tell = (line: string) => print(`${elapsed().toFixed(1).padStart(7)} s    ${line}`);
  const context: TourContext = { ...clients, clusters, result, tell };
  for (const [index, step] of steps.entries()) {
    const stepAt = performance.now();
    print(`\n${index + 1}. ${step.title}`);
    try {
      await step.run(context);
    } catch (error) {
      print(`   FAILED: ${error instanceof Error ? error.message : String(error)}`);
      return { tour: step.name, ...result, seconds: round(elapsed()) };
    }
    const seconds = ((performance.now() - stepAt) / 1000).toFixed(1);
    print(`   done in ${seconds} s; see more with: ${step.tryIt}`);
  }
  return { tour: "ok", ...result, seconds: round(elapsed()) };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
