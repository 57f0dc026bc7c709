import { expect, test } from "vitest";
import { sortedList } from "../../../../infra/local/cosmos/sorted-list.ts";
import { fc } from "../../../chance.ts";

const step = fc.record({ add: fc.boolean(), entry: fc.integer({ min: 0, max: 3_000 }) });

test("a sorted list holds what a sorted array of the same entries holds", () => {
  const steps = fc.array(step, { maxLength: 4_000, size: "max" });
  fc.assert(
    fc.property(steps, fc.integer({ min: -1, max: 3_001 }), (changes, cut) => {
      const list = sortedList<number>((a, b) => a - b);
      const model = new Set<number>();
      for (const { add, entry } of changes) {
        if (!add) expect(list.remove(entry)).toBe(model.delete(entry));
        else if (!model.has(entry)) {
          list.add(entry);
          model.add(entry);
        }
      }
      const sorted = [...model].toSorted((a, b) => a - b);
      const isBefore = (entry: number) => entry < cut;
      expect(list.size()).toBe(sorted.length);
      expect(list.rank(isBefore)).toBe(sorted.filter(isBefore).length);
      expect([...list.ascending(isBefore)]).toEqual(sorted.filter((each) => !isBefore(each)));
      expect([...list.descending(isBefore)]).toEqual(sorted.filter(isBefore).reverse());
    }),
    { numRuns: 50 },
  );
});
