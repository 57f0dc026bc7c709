import { fc } from "../../chance.ts";

export type Policy = "Background" | "Foreground" | "Orphan";

/** Mostly in the foreground, where objects wait for each other. */
export const anyPolicy = fc.constantFrom<Policy>(
  "Foreground",
  "Foreground",
  "Background",
  "Orphan",
);

export interface OwnerGraph {
  /** Owners by the names of what they own, circles and owners of themselves among them. */
  readonly objects: readonly {
    readonly name: string;
    readonly isHeld: boolean;
    readonly owners: readonly { readonly owner: string; readonly blocks: boolean }[];
  }[];
  readonly removed: readonly {
    readonly name: string;
    readonly policy: Policy;
    /** What follows from it comes before the next deletion. */
    readonly settles: boolean;
  }[];
}

const size = 7;
const names = Array.from({ length: size }, (_, index) => `o-${index}`);
const anyName = fc.constantFrom(...names);

/** Mostly blocking, so that there are chains and circles of those who wait. */
const anyReferences = fc.uniqueArray(
  fc.record({
    name: anyName,
    owner: anyName,
    blocks: fc.constantFrom(true, true, true, false),
  }),
  { selector: ({ name, owner }) => `${name} ${owner}`, maxLength: 12 },
);

const anyRemoval = fc.record({ name: anyName, policy: anyPolicy, settles: fc.boolean() });

export const ownerGraphs: fc.Arbitrary<OwnerGraph> = fc
  .record({
    references: anyReferences,
    held: fc.subarray(names, { maxLength: 2 }),
    removed: fc.array(anyRemoval, { minLength: 1, maxLength: 4 }),
  })
  .map(({ references, held, removed }) => ({
    objects: names.map((name) => ({
      name,
      isHeld: held.includes(name),
      owners: references
        .filter((reference) => reference.name === name)
        .map(({ owner, blocks }) => ({ owner, blocks })),
    })),
    removed,
  }));
