import { expect, test } from "vitest";
import { countChange, countsAfter, countWrites } from "../../shared/rollout/counting.ts";
import type { Binding, Outcome } from "../../shared/rollout/model.ts";
import { fleetId, noon } from "../builders.ts";
import { fc } from "../chance.ts";
import { bindingDocument } from "./rollout-builders.ts";

const binding: fc.Arbitrary<Binding | undefined> = fc.option(
  fc
    .record({
      state: fc.constantFrom("Bound" as const, "Unscheduled" as const),
      snapshot: fc.constantFrom("web-1", "web-2"),
      outcome: fc.constantFrom<Outcome>("pending", "failed", "applied", "available"),
      isLost: fc.boolean(),
      settles: fc.boolean(),
      mayHold: fc.uniqueArray(fc.constantFrom("web-1", "web-2", "web-3")),
    })
    .map(({ state, snapshot, outcome, isLost, settles, mayHold }) => {
      const { body } = bindingDocument("aks-1", {
        outcome,
        mayHold,
        ...(isLost && { unreachable: "no route" }),
        ...(settles && { settlesAt: noon }),
      });
      return { ...body, spec: { ...body.spec, state, resourceSnapshotName: snapshot } };
    }),
  { nil: undefined },
);

test("C1: whatever a binding goes through, its counts are those of what it is", () => {
  fc.assert(
    fc.property(fc.array(binding, { minLength: 1 }), (states) => {
      const changes = states.map((after, index) => countChange(states[index - 1], after));
      const direct = countChange(undefined, states.at(-1));
      for (const name of ["web", "snapshot/web-1", "snapshot/web-2", "snapshot/web-3"]) {
        const filled = (counts: object) =>
          Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));
        expect(filled(countsAfter(name, {}, changes))).toEqual(
          filled(countsAfter(name, {}, [direct])),
        );
      }
    }),
  );
});

test("what changes no count writes none", () => {
  fc.assert(
    fc.property(binding, (each) => {
      expect(countWrites(fleetId, [countChange(each, each)])).toEqual([]);
    }),
  );
});

test("a commit names at most eight counts of one document", () => {
  fc.assert(
    fc.property(binding, binding, (before, after) => {
      for (const write of countWrites(fleetId, [countChange(before, after)])) {
        expect(write.kind === "count" && Object.keys(write.add).length <= 8).toBe(true);
      }
    }),
  );
});
