import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { at } from "../../../shared/kube/json.ts";
import { type Instant, plusSeconds } from "../../../shared/lib/instant.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { configMaps, type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { contentOf, follow, revisionOf, type WatchEvent, watching } from "./watching.ts";

type Step =
  | { readonly kind: "write"; readonly name: string; readonly label: string; readonly data: string }
  | { readonly kind: "delete"; readonly name: string }
  | { readonly kind: "delete-all" }
  /** The client's watch ends after so many of its next events; it resumes where it was. */
  | { readonly kind: "cut"; readonly after: number }
  /** The client reads all there is, which must be what a list says. */
  | { readonly kind: "look" }
  /** What the client knows is forgotten: it lists again, or asks for initial events. */
  | { readonly kind: "forget"; readonly how: "list" | "initial events" };

const names = fc.constantFrom("a", "b", "c", "d");
const step: fc.Arbitrary<Step & { readonly host: number }> = fc
  .tuple(
    fc.oneof<fc.WeightedArbitrary<Step>[]>(
      {
        weight: 10,
        arbitrary: fc.record({
          kind: fc.constant("write" as const),
          name: names,
          label: fc.constantFrom("on", "off"),
          data: fc.constantFrom("1", "2"),
        }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("delete" as const), name: names }) },
      { weight: 1, arbitrary: fc.constant({ kind: "delete-all" as const }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("cut" as const), after: fc.nat(3) }) },
      { weight: 2, arbitrary: fc.constant({ kind: "look" as const }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("forget" as const),
          how: fc.constantFrom("list" as const, "initial events" as const),
        }),
      },
    ),
    fc.nat(1),
  )
  .map(([each, host]) => ({ ...each, host }));

/** Two hosts on one store, as two processes are: each has watches and a poll of its own. */
async function twoHosts() {
  let now = "2026-11-21T12:00:00.000Z" as Instant;
  const clock = { now: () => now };
  const store = memoryStore({ clock });
  const hosts = [await kubeFixture({ store, clock }), await kubeFixture({ store, clock })];
  const pass = (days: number): void => {
    now = plusSeconds(now, days * 86_400);
  };
  return { hosts, pass };
}

async function make({ ask }: KubeFixture, made: Step): Promise<void> {
  if (made.kind === "delete") await ask("DELETE", `${configMaps}/${made.name}`);
  if (made.kind === "delete-all") await ask("DELETE", `${configMaps}?labelSelector=state%3Don`);
  if (made.kind !== "write") return;
  const object = {
    metadata: { name: made.name, labels: { state: made.label } },
    data: { x: made.data },
  };
  const { status } = await ask("POST", configMaps, object);
  if (status !== 409) return;
  await ask("PATCH", `${configMaps}/${made.name}`, object, { type: mergePatchType });
}

async function listOf(fixture: KubeFixture, selector: string) {
  const { body } = await fixture.ask("GET", `${configMaps}?x=1${selector}`);
  const items = body["items"] as JsonObject[];
  const known = new Map(
    items.map((item) => {
      const { name, namespace } = item["metadata"] as JsonObject;
      return [`${String(namespace)}/${String(name)}`, contentOf(item)];
    }),
  );
  return { known, revision: String(at(body, "metadata", "resourceVersion")) };
}

/** A client that keeps what it knows true, at whichever host it is. */
async function clientOf(first: KubeFixture, selector: string) {
  let { known, revision } = await listOf(first, selector);
  let how = `resourceVersion=${revision}`;
  const path = `${configMaps}?watch=1&allowWatchBookmarks=true${selector}`;
  const open = async (host: KubeFixture) => await watching(host, `${path}&${how}`);
  let watch = await open(first);
  const learn = (events: readonly WatchEvent[]): void => {
    follow(known, events);
    const last = events.at(-1);
    if (last === undefined) return;
    revision = revisionOf(last);
    // Initial events that were cut off say nothing of what was not told yet.
    const isPartial = how.includes("Initial") && !events.some(({ type }) => type === "BOOKMARK");
    if (!isPartial) how = `resourceVersion=${revision}`;
    else known.clear();
  };
  return {
    known: () => known,
    lookAt: async (milliseconds: number, events = Number.POSITIVE_INFINITY) => {
      learn((await watch.drain(milliseconds)).slice(0, events));
    },
    goTo: async (host: KubeFixture) => {
      await watch.stop();
      watch = await open(host);
    },
    forget: async (host: KubeFixture, by: "list" | "initial events") => {
      if (by === "list") {
        ({ known, revision } = await listOf(host, selector));
        how = `resourceVersion=${revision}`;
      } else {
        known.clear();
        how = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
      }
    },
    stop: async () => await watch.stop(),
  };
}

test.each([
  ["", "all"],
  ["&labelSelector=state%3Don", "what a selector selects"],
  ["&labelSelector=state%21%3Don", "what a selector leaves out"],
  ["&fieldSelector=metadata.name%3Db", "one object"],
])(
  "a client that lists, watches and resumes at either host holds %s of what is there (%s)",
  async (selector) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
        const { hosts } = await twoHosts();
        const [first] = hosts as [KubeFixture];
        await make(first, { kind: "write", name: "a", label: "on", data: "0" });
        const client = await clientOf(first, selector);
        const expectTruth = async () => {
          await client.lookAt(60);
          const { known } = await listOf(first, selector);
          expect([...client.known()].sort()).toEqual([...known].sort());
        };
        for (const each of steps) {
          const host = hosts[each.host] as KubeFixture;
          await make(host, each);
          if (each.kind === "look") await expectTruth();
          if (each.kind === "cut") await client.lookAt(15, each.after);
          if (each.kind === "forget") await client.forget(host, each.how);
          if (each.kind === "cut" || each.kind === "forget") await client.goTo(host);
        }
        await expectTruth();
        await client.stop();
      }),
      { numRuns: 15 },
    );
  },
);

test("a client that was away for too long is told so, and lists again", async () => {
  const { hosts, pass } = await twoHosts();
  const [first, second] = hosts as [KubeFixture, KubeFixture];
  await make(first, { kind: "write", name: "a", label: "on", data: "0" });
  const client = await clientOf(first, "");
  await make(first, { kind: "delete", name: "a" });
  for (const name of ["b", "c"]) {
    pass(10);
    await make(second, { kind: "write", name, label: "on", data: "1" });
  }
  const since = [...client.known().values()].length;
  expect(since).toBe(1);
  const { revision } = await listOf(first, "");
  const stale = await watching(second, `${configMaps}?watch=1&resourceVersion=${3}`);
  expect(await stale.next()).toMatchObject({ type: "ERROR", object: { code: 410 } });
  await client.forget(second, "list");
  await client.goTo(second);
  await client.lookAt(30);
  expect([...client.known().keys()].sort()).toEqual(["shop/b", "shop/c"]);
  expect(Number(revision)).toBeGreaterThan(3);
  await client.stop();
});
