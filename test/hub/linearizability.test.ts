/** What clients of two hub processes on one store do and see can be told as one order of events. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { seed } from "../chance.ts";
import { type Acknowledged, anomalyIn, misordered } from "./linearizability.ts";
import { type Noted, type Notes, read, runClient } from "./linearizability-client.ts";
import { startTwoHosts, type TwoHosts, trouble } from "./two-hosts.ts";

let two: TwoHosts;
beforeAll(async () => {
  two = await startTwoHosts();
}, 60_000);
afterAll(async () => {
  await two.close();
});

const clientsPerHost = 3;

async function historyOf(
  names: readonly string[],
  { seed, operations, crash }: { seed: number; operations: number; crash: boolean },
): Promise<Notes> {
  const notes: Notes = { entries: [], odd: [], lists: [] };
  const options = {
    notes,
    names,
    operations: { min: operations, max: operations * 4 },
    isEnough: () => saysEnough(notes, operations),
  };
  const clients = two.hosts.flatMap((host, index) =>
    Array.from({ length: clientsPerHost }, async (_, client) => {
      const own = seed + index * 100 + client;
      await runClient({ ...options, host, seed: own });
    }),
  );
  if (crash) {
    for (const host of two.hosts) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await host.crash();
    }
  }
  await Promise.all(clients);
  await two.cosmos.clearFaults();
  for (const host of two.hosts) {
    for (const name of names) await read({ host, notes, last: new Map() }, name);
  }
  return notes;
}

function writesIn(entries: readonly Noted[]): readonly Acknowledged[] {
  return entries.flatMap(({ startedAt, endedAt, operation }) => {
    if (!("made" in operation) || typeof operation.made !== "object") return [];
    return [{ startedAt, endedAt, revision: operation.made.revision }];
  });
}

/** Writes were made, and some met each other: more than 0.4 of what one host was asked for. */
function saysEnough({ entries }: Notes, operations: number): boolean {
  const outcomes = entries.map(({ operation }) => ("made" in operation ? operation.made : ""));
  return (
    writesIn(entries).length > clientsPerHost * operations * 0.4 &&
    outcomes.includes("conflict") &&
    outcomes.includes("deleted")
  );
}

/** Lists whose revision is older than a write that was acknowledged before they began. */
function staleLists({ entries, lists }: Notes) {
  const writes = writesIn(entries);
  return lists.filter(({ startedAt, revision }) =>
    writes.some((write) => write.endedAt < startedAt && write.revision > revision),
  );
}

test.each([
  { what: "a calm database", faults: false, crash: false, operations: 40 },
  { what: "a busy database that loses answers", faults: true, crash: false, operations: 15 },
  { what: "such a database, and hosts that crash", faults: true, crash: true, operations: 20 },
])(
  "clients of two hosts see one history, over $what",
  async ({ faults, crash, operations }) => {
    if (faults) await trouble(two);
    const names = ["a", "b", "c"].map((name) => `${name}-${faults}-${crash}`);
    const notes = await historyOf(names, { seed, operations, crash });
    const { entries } = notes;

    expect(notes.odd, `seed ${seed}`).toEqual([]);
    for (const name of names) {
      const history = entries.filter((entry) => entry.name === name);
      expect(anomalyIn(history), `of ${name}, with HUBLESS_SEED=${seed}`).toBeUndefined();
    }
    expect(misordered(writesIn(entries)), `seed ${seed}`).toEqual([]);
    expect(staleLists(notes), `seed ${seed}`).toEqual([]);

    const said = entries.map(({ operation }) => operation);
    expect(saysEnough(notes, operations), JSON.stringify(said)).toBe(true);
    if (!faults) return;
    const { throttled, dropped } = await two.cosmos.statistics();
    expect(Math.min(throttled, dropped), "how often each fault struck").toBeGreaterThan(5);
  },
  60_000,
);
