import type { Effects } from "../effects/effects.ts";
import type { Document, Key, Kind } from "../lib/document.ts";
import type { Plan } from "./plan.ts";

/** What was looked at: the document itself, when there is one, and all else that `decide` needs. */
export interface Observed<Seen> {
  /** Keeps the plan's `wakeAt`. Left out when the key names nothing that is saved (yet). */
  readonly document?: Document;
  readonly seen: Seen;
}

/**
 * How one kind of document is kept true: look, think, do. Only `decide` thinks, and it cannot look
 * or do.
 */
export interface Controller<Seen = unknown, Action = unknown> {
  /** Reads all that `decide` needs; undefined when there is nothing to decide. */
  observe(key: Key, effects: Effects): Promise<Observed<Seen> | undefined>;
  decide(seen: Seen): Plan<Action>;
  /** Does one thing that `decide` asked for. It may be asked again: it must be safe to repeat. */
  act(action: Action, seen: Seen, effects: Effects): Promise<void>;
}

/** Who keeps each kind of document true. Other kinds are templates and snapshots: nobody looks. */
export type Controllers = ReadonlyMap<Kind, Controller>;

/** Forgets the types of one controller's sight and actions, so that a map can hold them all. */
export function controller<Seen, Action>(one: Controller<Seen, Action>): Controller {
  return one as Controller;
}
