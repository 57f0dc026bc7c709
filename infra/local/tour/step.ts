import type { TourClients } from "./clients.ts";

/** What the steps have found out so far: the tour's last line. */
export interface TourResult {
  members: readonly string[];
  placed: Record<string, readonly string[]>;
  updateRun?: {
    readonly state: string;
    readonly upgraded: readonly string[];
    /** Member names in the order in which they started. */
    readonly order: readonly string[];
  };
  loadBalancer?: { readonly address: string; readonly backends: readonly string[] };
}

export interface TourContext extends TourClients {
  /** How many clusters the tour begins with. */
  readonly clusters: number;
  readonly result: TourResult;
  /** Tells what just happened, indented below the step. */
  readonly tell: (line: string) => void;
}

export interface Step {
  readonly name: string;
  /** "Six clusters with a tag become members, without anyone asking" */
  readonly title: string;
  /** A command that shows the same to the reader. */
  readonly tryIt: string;
  readonly run: (context: TourContext) => Promise<void>;
}
