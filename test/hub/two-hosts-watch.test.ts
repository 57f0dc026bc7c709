/** What watchers at two hub processes hold is what a list says, whatever is cut and restarted. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../infra/local/cosmos/faults.ts";
import { seed } from "../chance.ts";
import { applyType, mergePatchType } from "../kube/kube-fixture.ts";
import { askHost, type HubHost, startTwoHosts, type TwoHosts, trouble } from "./two-hosts.ts";
import {
  contentOf,
  type Follower,
  type FollowerOptions,
  nameOf,
  revisionOf,
  startFollower,
} from "./two-hosts-watch.ts";

let two: TwoHosts;
beforeAll(async () => {
  two = await startTwoHosts();
  const [host] = two.hosts;
  await eventually(async () => {
    const content = { metadata: { name: "shop" } };
    const { status } = (await askHost(host, "POST", "/api/v1/namespaces", { content })) ?? {};
    expect([201, 409]).toContain(status);
  });
}, 60_000);
afterAll(async () => {
  await two.close();
});

async function eventually(check: () => void | Promise<void>, seconds = 15): Promise<void> {
  const endsAt = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > endsAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const places = [
  ["default", "configmaps", "ConfigMap", "v1"],
  ["shop", "configmaps", "ConfigMap", "v1"],
  ["shop", "secrets", "Secret", "v1"],
] as const;

/** Creates, changes and deletes objects of several kinds in several namespaces. */
async function write(host: HubHost, chance: () => number, times: number): Promise<void> {
  const pick = <Each>(from: readonly Each[]): Each =>
    from[Math.floor(chance() * from.length)] as Each;
  for (let each = 0; each < times; each++) {
    const [namespace, plural, kind, apiVersion] = pick(places);
    const collection = `/api/v1/namespaces/${namespace}/${plural}`;
    const name = pick(["a", "b", "c", "d", "e"]);
    const labels = { state: pick(["on", "off"]) };
    const data = { x: Buffer.from(String(each)).toString("base64") };
    const content = { apiVersion, kind, metadata: { name, labels }, data };
    const how = chance();
    if (how < 0.3) await askHost(host, "POST", collection, { content });
    else if (how < 0.55) {
      await askHost(host, "PATCH", `${collection}/${name}`, { type: mergePatchType, content });
    } else if (how < 0.75) {
      const path = `${collection}/${name}?fieldManager=w&force=true`;
      await askHost(host, "PATCH", path, { type: applyType, content });
    } else if (how < 0.97) await askHost(host, "DELETE", `${collection}/${name}`);
    else await askHost(host, "DELETE", `${collection}?labelSelector=state%3Doff`);
  }
}

/** What a list says now, by the same selectors. */
async function listed({ path, selector }: FollowerOptions) {
  const [host] = two.hosts;
  const answer = await askHost(host, "GET", `${path}?${selector}`);
  expect(answer?.status).toBe(200);
  const items = (answer?.body["items"] ?? []) as (typeof answer & object)["body"][];
  return {
    revision: revisionOf(answer?.body ?? {}),
    objects: items.map((item) => [nameOf(item), contentOf(item)]).sort(),
  };
}

function startFollowers(): readonly Follower[] {
  const followed: readonly (readonly [string, string])[] = [
    ["/api/v1/configmaps", ""],
    ["/api/v1/configmaps", "labelSelector=state%3Don"],
    ["/api/v1/namespaces/shop/configmaps", "labelSelector=state%21%3Don"],
    ["/api/v1/namespaces/shop/secrets", ""],
    ["/api/v1/namespaces/shop/configmaps", "fieldSelector=metadata.name%3Db"],
    ["/api/v1/configmaps", "fieldSelector=metadata.namespace%3Dshop&labelSelector=state%3Doff"],
  ];
  return followed.flatMap(([path, selector], index) =>
    [true, false].map((sendInitialEvents) => {
      const chance = seededRandom(seed + index * 10 + (sendInitialEvents ? 1 : 0));
      const name = `${path}?${selector}${sendInitialEvents ? " with initial events" : ""}`;
      return startFollower({ name, hosts: two.hosts, path, selector, sendInitialEvents, chance });
    }),
  );
}

test("watchers hold what is there, through cuts, crashes and faults, at either host", async () => {
  const followers = startFollowers();
  try {
    for (const [round, faults] of [false, true, false].entries()) {
      if (faults) await trouble(two);
      const chances = two.hosts.map((_, index) => seededRandom(seed + 1_000 * (round + 1) + index));
      const writing = Promise.all(
        two.hosts.map(async (host, index) => {
          await write(host, chances[index] as () => number, faults ? 12 : 40);
        }),
      );
      if (round === 2) for (const host of two.hosts) await host.crash();
      await writing;
      await two.cosmos.clearFaults();
      for (const { options, known, revision, odd } of followers) {
        await eventually(async () => {
          const { objects, revision: now } = await listed(options);
          const where = `${options.name}, round ${round}, ${revision()} of ${now}, seed ${seed}`;
          expect([...known].sort(), where).toEqual(objects);
        });
        expect(odd, `HUBLESS_SEED=${seed}`).toEqual([]);
      }
    }
    // Cuts and bookmarks go on as long as somebody watches.
    await eventually(() => {
      const total = (what: keyof Follower["counts"]): number =>
        followers.reduce((sum, { counts }) => sum + counts[what], 0);
      expect(total("cuts"), "watches that were cut").toBeGreaterThan(20);
      expect(total("events")).toBeGreaterThan(100);
      expect(total("bookmarks")).toBeGreaterThan(10);
    });
  } finally {
    await Promise.all(followers.map(async (follower) => await follower.stop()));
  }
  // Who lists once resumes for ever: nothing of this has expired.
  for (const { options, counts } of followers) {
    if (!options.sendInitialEvents) expect(counts.lists, options.name).toBeLessThanOrEqual(3);
  }
}, 90_000);
