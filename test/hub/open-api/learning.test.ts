/** How a fleet learns what built-in kinds are: members come, change and go, and faults happen. */
import { expect, test } from "vitest";
import { keptSchemasKind } from "../../../shared/hub/open-api/model.ts";
import { unpackSchemas } from "../../../shared/kube/openapi/packed-schemas.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fleetId } from "../../builders.ts";
import { fc } from "../../chance.ts";
import {
  type Fault,
  hashOf,
  type LearningFleet,
  learningFleet,
  type Told,
} from "./learning-fleet.ts";

/** Schemas of a kind that say which Kubernetes they are of. */
function schemasOf(group: string, kind: string, version: string): JsonObject {
  const gvk = { group, version: "v1", kind };
  return {
    [`io.k8s.v1.${kind}`]: {
      type: "object",
      description: `As of ${version}.`,
      "x-kubernetes-group-version-kind": [gvk],
    },
  };
}

/** What a cluster of a Kubernetes version tells: apps change with it, and core does not. */
const told = (version: string): Told => ({
  "api/v1": schemasOf("", "Pod", "any"),
  "apis/apps/v1": schemasOf("apps", "Deployment", version),
  "apis/batch/v1": schemasOf("batch", "Job", version),
});

/** What is kept, as the cluster told it. */
async function kept({ store }: LearningFleet): Promise<Told> {
  const { documents } = await store.list({ fleet: fleetId, kind: keptSchemasKind });
  return Object.fromEntries(
    documents.map(({ key, body }) => [key.name, unpackSchemas(Buffer.from(body.gzip, "base64"))]),
  );
}

const names = Array.from({ length: 8 }, (_, index) => `aks-${index}`);

test("members that join at once are asked once", async () => {
  const fleet = learningFleet();
  await Promise.all(names.map(async (name) => await fleet.put(name, "1.34.1", told("1.34"))));
  await fleet.run(60);
  expect(fleet.asked).toHaveLength(1);
  expect(fleet.asked[0]).toMatch(/^aks-\d 3$/);
  expect(await kept(fleet)).toEqual(told("1.34"));
  const { hashes } = (await fleet.summary()) ?? {};
  expect(hashes?.["apis/apps/v1"]).toBe(hashOf(told("1.34")["apis/apps/v1"]));
});

test("a newer member is learnt from, and only what it tells otherwise is read", async () => {
  const fleet = learningFleet();
  await fleet.put("old", "1.33.0", told("1.33"));
  await fleet.run(60);
  await fleet.put("new", "1.34.1", told("1.34"));
  await fleet.run(60);
  await fleet.put("older", "1.32.0", told("1.32"));
  await fleet.run(60);
  expect(fleet.asked).toEqual(["old 3", "new 2"]);
  expect(await kept(fleet)).toEqual(told("1.34"));
});

test("the source is asked again when it was upgraded, and once a day", async () => {
  const fleet = learningFleet();
  await fleet.put("a", "1.33.0", told("1.33"));
  await fleet.run(60);
  await fleet.put("a", "1.34.0", told("1.34"));
  await fleet.run(60);
  expect(fleet.asked).toEqual(["a 3", "a 2"]);
  const { "apis/batch/v1": _, ...rest } = told("patched");
  await fleet.put("a", "1.34.0", rest, { healthy: "True" });
  await fleet.run(3600);
  expect(fleet.asked).toHaveLength(2);
  await fleet.run(24 * 3600);
  expect(fleet.asked).toEqual(["a 3", "a 2", "a 1"]);
  expect(await kept(fleet)).toEqual(rest);
});

test("when the source leaves, another is learnt from; the last one's words stay", async () => {
  const fleet = learningFleet();
  await fleet.put("a", "1.34.1", told("1.34"));
  await fleet.put("b", "1.33.0", told("1.33"));
  await fleet.run(60);
  await fleet.remove("a");
  await fleet.run(60);
  expect(fleet.asked).toEqual(["a 3", "b 2"]);
  expect(await kept(fleet)).toEqual(told("1.33"));
  await fleet.remove("b");
  await fleet.run(60);
  expect(await kept(fleet)).toEqual(told("1.33"));
});

test("a source that does not answer is asked some times, then another is", async () => {
  let silent = true;
  const fleet = learningFleet(() => (silent ? "unreachable" : undefined));
  await fleet.put("a", "1.34.1", told("1.34"));
  await fleet.put("b", "1.33.0", told("1.33"));
  await fleet.run(15);
  expect(fleet.asked).toEqual(["a away", "a away"]);
  silent = false;
  await fleet.remove("a");
  await fleet.run(600);
  expect(fleet.asked.at(-1)).toBe("b 3");
  expect(await kept(fleet)).toEqual(told("1.33"));
});

test("what was read in part of a newer one is not left beside what the source tells now", async () => {
  const faults: Fault[] = [];
  const fleet = learningFleet(() => faults.shift());
  await fleet.put("a", "1.33.0", told("1.33"));
  await fleet.run(60);
  // Of a new source: its commit, its answer, the commit of that, its next answer.
  faults.push(undefined, "in part", undefined, "unreachable");
  await fleet.put("a", "1.34.0", told("1.34"));
  await fleet.run(5);
  expect(await kept(fleet)).not.toEqual(told("1.33"));
  await fleet.put("a", "1.33.0", told("1.33"));
  await fleet.run(3600);
  expect(await kept(fleet)).toEqual(told("1.33"));
});

test("a member that changes costs the same in a small and in a large fleet", async () => {
  const costs: unknown[] = [];
  for (const members of [3, 300]) {
    const fleet = learningFleet();
    for (let index = 0; index < members; index++) {
      await fleet.put(`m-${index}`, "1.34.1", told("1.34"));
    }
    await fleet.run(60);
    Object.assign(fleet.counters, { reads: 0, lists: 0, commits: 0 });
    await fleet.put("m-1", "1.34.1", told("1.34"), { healthy: "False" });
    await fleet.run(60);
    costs.push({ ...fleet.counters });
  }
  expect(costs).toEqual([
    { reads: 2, lists: 0, commits: 0 },
    { reads: 2, lists: 0, commits: 0 },
  ]);
});

test("whatever happens, in the end the hub knows what one of its members tells now", async () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    version: fc.integer({ min: 30, max: 35 }),
    leaves: fc.boolean(),
  });
  const fault = fc.constantFrom<Fault>("unreachable", "in part", "crash-after-commit", undefined);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.array(fault, { maxLength: 12 }),
      async (steps, faults) => {
        const left = [...faults];
        const fleet = learningFleet(() => left.shift());
        const there = new Map<string, number>();
        for (const { name, version, leaves } of steps) {
          if (leaves && there.delete(name)) await fleet.remove(name);
          else {
            there.set(name, version);
            await fleet.put(name, `1.${version}.0`, told(String(version)));
          }
          await fleet.run(5);
        }
        left.length = 0;
        await fleet.run(2 * 3600);
        const { source, hashes = {}, trouble } = (await fleet.summary()) ?? {};
        if (there.size === 0) return;
        expect(trouble).toBeUndefined();
        const version = there.get(source?.member ?? "");
        expect(source?.kubernetesVersion).toBe(`1.${version}.0`);
        const wanted = told(String(version));
        expect(await kept(fleet)).toEqual(wanted);
        expect(hashes["apis/apps/v1"]).toBe(hashOf(wanted["apis/apps/v1"]));
      },
    ),
    { numRuns: 60 },
  );
});
