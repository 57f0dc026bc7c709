/** Objects that change again while a watch looks, so that the log shows their newest state only. */
import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import type { Store } from "../../../shared/effects/store.ts";
import type { Revision } from "../../../shared/lib/document.ts";
import { configMap, configMaps, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { nameOf, watching } from "./watching.ts";

const how = { type: mergePatchType };

/** A store whose changes end at a revision, as if later ones were made between head and query. */
function endingAt(store: Store, last: () => Revision): Store {
  return {
    ...store,
    changes: async (fleet, after) => {
      const changes = await store.changes(fleet, after);
      const upTo = Math.max(after, last());
      if (changes.kind === "expired" || changes.upTo <= upTo) return changes;
      const documents = changes.documents.filter(({ revision }) => revision <= upTo);
      return { kind: "changes", documents, upTo, more: false };
    },
  };
}

async function racing() {
  let last = Number.POSITIVE_INFINITY;
  const store = endingAt(memoryStore({ clock: systemClock }), () => last);
  const fixture = await kubeFixture({ store });
  const head = async () => (await store.head(fixture.api.fleet)).revision;
  return {
    ...fixture,
    head,
    /** Watches see nothing that is newer than the revision. */
    hold: (revision: Revision) => {
      last = revision;
    },
    release: () => {
      last = Number.POSITIVE_INFINITY;
    },
  };
}

type Racing = Awaited<ReturnType<typeof racing>>;

const change = async ({ ask }: Racing, name: string) =>
  await ask("PATCH", `${configMaps}/${name}`, { data: { x: "1" } }, how);
const label = async ({ ask }: Racing, state: string) =>
  await ask("PATCH", `${configMaps}/a`, { metadata: { labels: { state } } }, how);

async function toldBy(watch: Awaited<ReturnType<typeof watching>>) {
  return (await watch.drain(60)).map((event) => `${event.type} ${nameOf(event)}`);
}

test.each(["", "&labelSelector=state%21%3Doff"])(
  "an object that is changed before anyone saw it is told as added%s",
  async (selector) => {
    const fixture = await racing();
    const since = await fixture.head();
    const watch = await watching(
      fixture,
      `${configMaps}?watch=1&resourceVersion=${since}${selector}`,
    );
    fixture.hold(since);
    await fixture.ask("POST", configMaps, configMap("a"));
    const created = await fixture.head();
    await change(fixture, "a");
    fixture.hold(created);
    expect(await toldBy(watch)).toEqual([]);
    fixture.release();
    await fixture.ask("POST", configMaps, configMap("b"));
    expect(await toldBy(watch)).toEqual(["ADDED a", "ADDED b"]);
    await watch.stop();
  },
);

test("an object that is deleted before anyone saw it is not told", async () => {
  const fixture = await racing();
  const since = await fixture.head();
  const watch = await watching(fixture, `${configMaps}?watch=1&resourceVersion=${since}`);
  fixture.hold(since);
  await fixture.ask("POST", configMaps, configMap("a"));
  const created = await fixture.head();
  await fixture.ask("DELETE", `${configMaps}/a`);
  fixture.hold(created);
  expect(await toldBy(watch)).toEqual([]);
  fixture.release();
  await fixture.ask("POST", configMaps, configMap("b"));
  expect(await toldBy(watch)).toEqual(["ADDED b"]);
  await watch.stop();
});

test("who was cut off before the newest change of an object is told that it stopped matching", async () => {
  const fixture = await racing();
  await fixture.ask("POST", configMaps, configMap("a"));
  await label(fixture, "on");
  const selected = `${configMaps}?watch=1&labelSelector=state%3Don`;
  const since = await fixture.head();
  const first = await watching(fixture, `${selected}&resourceVersion=${since}`);
  fixture.hold(since);
  await label(fixture, "off");
  await fixture.ask("POST", configMaps, {
    metadata: { name: "b", labels: { state: "on" } },
  });
  const seen = await fixture.head();
  await change(fixture, "a");
  fixture.hold(seen);
  expect(await toldBy(first)).toEqual(["ADDED b"]);
  await first.stop();
  fixture.release();
  const second = await watching(fixture, `${selected}&resourceVersion=${seen}`);
  expect(await toldBy(second)).toEqual(["DELETED a"]);
  await second.stop();
});
