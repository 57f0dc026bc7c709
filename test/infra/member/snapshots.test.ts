import { expect, test } from "vitest";
import { type Snapshot, snapshots } from "../../../infra/member/relay/snapshots.ts";
import type { ExportSeen } from "../../../shared/traffic/model.ts";
import { fc } from "../../chance.ts";
import { exported } from "../../traffic/exports.ts";

const seen = (readyEndpoints: number) => exported({ readyEndpoints });

test("a first change is due at once, the next at the end of the window", () => {
  const all = snapshots(100);
  all.change("demo/web", seen(1));
  const first = all.due(1000, 10);
  expect(first).toMatchObject([{ name: "demo/web", export: seen(1) }]);
  all.told(first, 1000);
  all.change("demo/web", seen(2));
  expect(all.nextDue()).toBe(1100);
  expect(all.due(1099, 10)).toEqual([]);
  expect(all.due(1100, 10)).toMatchObject([{ export: seen(2) }]);
});

test("an equal state, and the end of what was never told of, are not due", () => {
  const all = snapshots(100);
  all.change("demo/web", seen(1));
  all.told(all.due(0, 10), 0);
  all.change("demo/web", seen(1));
  all.change("demo/api", null);
  expect(all.nextDue()).toBeUndefined();
});

test("what changes while it is told stays owed", () => {
  const all = snapshots(0);
  all.change("demo/web", seen(1));
  const telling = all.due(0, 10);
  all.change("demo/web", seen(2));
  all.told(telling, 0);
  expect(all.due(0, 10)).toMatchObject([{ export: seen(2) }]);
});

test("a repetition has the sequence of what was told, a name that returns a newer one", () => {
  const all = snapshots(0);
  all.change("demo/web", seen(1));
  const [told] = all.due(0, 10);
  all.told(all.due(0, 10), 0);
  all.repeat();
  expect(all.due(0, 10)[0]?.sequence).toBe(told?.sequence);
  all.change("demo/web", null);
  all.told(all.due(0, 10), 0);
  all.repeat();
  expect(all.nextDue()).toBeUndefined();
  all.change("demo/web", seen(1));
  expect(all.due(0, 10)[0]?.sequence).toBeGreaterThan(told?.sequence ?? 0);
});

interface Step {
  readonly name: string;
  readonly next: ExportSeen | null;
  readonly does: "change" | "tell" | "fail" | "repeat";
}
const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom("demo/web", "demo/api"),
  next: fc.option(fc.nat(3).map(seen)),
  does: fc.constantFrom("change", "tell", "fail", "repeat"),
});

/** Believes the greatest sequence, as the fleet does. */
function receiver() {
  const known = new Map<string, Snapshot>();
  return {
    receive(some: readonly Snapshot[]): void {
      for (const each of some) {
        if (each.sequence > (known.get(each.name)?.sequence ?? 0)) known.set(each.name, each);
      }
    },
    exportOf: (name: string) => known.get(name)?.export,
  };
}

test("a receiver ends with the last state of each export, whatever fails meanwhile", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const all = snapshots(2);
      const fleet = receiver();
      const wanted = new Map<string, ExportSeen | null>();
      const tell = (now: number, isAnswered: boolean): number => {
        const due = all.due(now, 1);
        fleet.receive(due);
        if (isAnswered) all.told(due, now);
        return due.length;
      };
      for (const [now, { name, next, does }] of steps.entries()) {
        switch (does) {
          case "repeat":
            all.repeat();
            break;
          case "change":
            all.change(name, next);
            if (next !== null || wanted.has(name)) wanted.set(name, next);
            break;
          case "tell":
          case "fail":
            expect(tell(now, does === "tell")).toBeLessThanOrEqual(1);
        }
      }
      while (tell(steps.length + 9, true) > 0);
      for (const [name, want] of wanted) expect(fleet.exportOf(name)).toEqual(want);
    }),
  );
});
