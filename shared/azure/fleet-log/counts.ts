import type { Key } from "../../lib/document.ts";
import { keyText } from "../../lib/document.ts";

/** What a "count" write adds, by name. */
export type Counts = Readonly<Record<string, number>>;

/** A Cosmos patch takes 10 operations; one sets the revision. */
export const countNamesMax = 8;

/** Names are part of a patch path, where "/" and "~" mean something else. */
const countName = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** The part of a count that changes something; throws `RangeError` for what no patch can add. */
export function checkedCounts(key: Key, add: Counts): Counts {
  const names = Object.keys(add);
  if (names.length > countNamesMax) {
    throw new RangeError(
      `Cannot count ${names.length} names in "${keyText(key)}": must be at most ${countNamesMax}`,
    );
  }
  for (const name of names) {
    if (!countName.test(name)) {
      throw new RangeError(`Cannot count "${name}": must be letters, digits, "-" and "_"`);
    }
    if (!Number.isFinite(add[name])) {
      throw new RangeError(`Cannot add ${add[name]} to "${name}": must be a finite number`);
    }
  }
  return Object.fromEntries(Object.entries(add).filter(([, by]) => by !== 0));
}

export function sumOfCounts(one: Counts, other: Counts): Counts {
  const sum: Record<string, number> = { ...one };
  for (const [name, by] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + by;
  return sum;
}

/** The body with the counts added as by a Cosmos patch "incr": a missing name counts as 0. */
export function withCounts<Body>(key: Key, body: Body, add: Counts): Body {
  if (Object.keys(add).length === 0) return body;
  const before = (body as { readonly counts?: unknown } | null)?.counts;
  if (typeof before !== "object" || before === null || Array.isArray(before)) {
    throw cannotCount(key);
  }
  const counts: Record<string, unknown> = { ...before };
  for (const [name, by] of Object.entries(add)) {
    const was = counts[name] ?? 0;
    if (typeof was !== "number") throw cannotCount(key);
    counts[name] = was + by;
  }
  return { ...body, counts };
}

export function cannotCount(key: Key): RangeError {
  return new RangeError(
    `Cannot count in "${keyText(key)}": body.counts must be an object of numbers`,
  );
}
