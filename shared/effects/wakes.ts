import type { Key, Revision } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";

/** "Look again at this document": a key, and how new a reader's sight must be. */
export interface Wake {
  readonly key: Key;
  /** The revision that caused the wake: what is read must be at least as new. */
  readonly atLeast?: Revision;
  /** Not before this moment; left out: at once. Longer than 7 days is cut to 7 days. */
  readonly at?: Instant;
}

/** Asks for looks. Waking twice is harmless: a look sees all there is, each time. */
export interface Wakes {
  wake(wakes: readonly Wake[]): Promise<void>;
}
