/** A watch with a label selector tells of what its client has, or comes to have, and no others. */
import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import { documentKind } from "../../../shared/kube/served-kind.ts";
import { keyOf, type Write } from "../../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../../shared/lib/instant.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { configMaps, type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { nameOf, watching } from "./watching.ts";

const selected = `${configMaps}?watch=1&labelSelector=state%3Don`;

type Change = (fixture: KubeFixture) => Promise<unknown>;

const labelled = (state: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name: "a", labels: { state, ...more } },
});
const create =
  (state: string): Change =>
  async ({ ask }) =>
    await ask("POST", configMaps, labelled(state));
const label =
  (state: string, more: JsonObject = {}): Change =>
  async ({ ask }) =>
    await ask("PATCH", `${configMaps}/a`, labelled(state, more), { type: mergePatchType });
const change: Change = async ({ ask }) =>
  await ask("PATCH", `${configMaps}/a`, { data: { at: randomText() } }, { type: mergePatchType });
const remove: Change = async ({ ask }) => await ask("DELETE", `${configMaps}/a`);

let texts = 0;
const randomText = (): string => String(++texts);

async function eventsAfter(before: readonly Change[], after: readonly Change[]) {
  const fixture = await kubeFixture();
  for (const each of before) await each(fixture);
  const { revision } = await fixture.api.store.head(fixture.api.fleet);
  const watch = await watching(fixture, `${selected}&resourceVersion=${revision}`);
  for (const each of after) await each(fixture);
  const events = await watch.drain(40);
  await watch.stop();
  return events.map((event) => `${event.type} ${nameOf(event)}`);
}

test.each<[what: string, before: readonly Change[], after: readonly Change[], events: string[]]>([
  ["comes to match", [create("off")], [label("on")], ["ADDED a"]],
  ["stops matching", [create("on")], [label("off")], ["DELETED a"]],
  ["goes on matching", [create("on")], [change], ["MODIFIED a"]],
  ["goes on matching with other labels", [create("on")], [label("on", { x: "1" })], ["MODIFIED a"]],
  ["never matched and changes", [create("off")], [change], []],
  ["never matched and changes its labels", [create("off")], [label("no")], []],
  ["never matched and is deleted", [create("off")], [remove], []],
  ["matches and is deleted", [create("on")], [remove], ["DELETED a"]],
  ["has come to match", [create("off"), label("on"), change], [change], ["MODIFIED a"]],
  ["has come to match, and goes", [create("off"), label("on")], [remove], ["DELETED a"]],
  // A client that was cut off since may have it.
  ["has matched today", [create("on"), label("off"), change], [change], ["DELETED a"]],
  ["has matched today, and is deleted", [create("on"), label("off")], [remove], ["DELETED a"]],
])("an object that %s", async (_what, before, after, events) => {
  expect(await eventsAfter(before, after)).toEqual(events);
});

test("an object that has not matched since the horizon is no one's any more", async () => {
  const fixture = await kubeFixture({ clock: { now: () => now } });
  let now = "2026-11-21T12:00:00.000Z" as Instant;
  for (const each of [create("on"), label("off")]) await each(fixture);
  for (const _ of [1, 2]) {
    now = plusSeconds(now, 10 * 86_400);
    await fixture.ask("POST", configMaps, { metadata: { generateName: "b-" } });
  }
  const { revision } = await fixture.api.store.head(fixture.api.fleet);
  const watch = await watching(fixture, `${selected}&resourceVersion=${revision}`);
  for (const each of [change, remove]) await each(fixture);
  expect(await watch.drain(40)).toEqual([]);
  await watch.stop();
});

test("labels that are too large to be remembered cost a client an event too many, and none too few", async () => {
  const large = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`l${index}`, "x".repeat(60)]),
  );
  const before = [create("on"), label("on", large)];
  expect(await eventsAfter(before, [label("off")])).toEqual(["DELETED a"]);
  const never = [create("off"), label("off", large)];
  expect(await eventsAfter(never, [label("no")])).toEqual(["DELETED a"]);
  expect(await eventsAfter(never, [change])).toEqual([]);
});

/** One commit that writes several objects, as controllers make them. */
const together =
  (...states: readonly (readonly [name: string, state: string])[]): Change =>
  async ({ api }) => {
    const { store, fleet } = api;
    const kind = documentKind("", "configmaps");
    const writes = states.map(async ([name, state]): Promise<Write> => {
      const key = keyOf(kind, fleet, name, "shop");
      const body = { metadata: { labels: { state } } };
      const document = await store.read(key);
      return document === undefined
        ? { kind: "create", key, body }
        : { kind: "replace", document, body };
    });
    await store.commit({ fleet, writes: await Promise.all(writes) });
  };
const changeOf =
  (name: string): Change =>
  async ({ ask }) =>
    await ask("PATCH", `${configMaps}/${name}`, { data: { at: randomText() } }, how);
const removeOf =
  (name: string): Change =>
  async ({ ask }) =>
    await ask("DELETE", `${configMaps}/${name}`);
const how = { type: mergePatchType };

/** What is told from a commit of `a` and `b` on, after which something else happened to `b`. */
async function eventsOfTorn(states: readonly [before: string, torn: string], later: Change) {
  const fixture = await kubeFixture();
  for (const state of states) await together(["a", state], ["b", state])(fixture);
  const { revision } = await fixture.api.store.head(fixture.api.fleet);
  await later(fixture);
  const watch = await watching(fixture, `${selected}&resourceVersion=${revision}`);
  const told = (await watch.drain(40)).map((event) => `${event.type} ${nameOf(event)}`);
  await watch.stop();
  return told.sort();
}

test("who was cut off in a commit is told of each object of it, whatever came later", async () => {
  expect(await eventsOfTorn(["on", "off"], changeOf("b"))).toEqual(["DELETED a", "DELETED b"]);
  expect(await eventsOfTorn(["on", "off"], removeOf("b"))).toEqual(["DELETED a", "DELETED b"]);
  expect(await eventsOfTorn(["off", "on"], changeOf("b"))).toEqual(["ADDED a", "MODIFIED b"]);
  expect(await eventsOfTorn(["off", "on"], removeOf("b"))).toEqual(["ADDED a", "DELETED b"]);
  // The second write changes nothing: they were made by the commit that the client saw in part.
  expect(await eventsOfTorn(["on", "on"], changeOf("b"))).toEqual(["ADDED a", "MODIFIED b"]);
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("on", "off", "no").map((state) => label(state)) },
  { weight: 2, arbitrary: fc.constant(change) },
  { weight: 1, arbitrary: fc.constant(remove) },
  { weight: 1, arbitrary: fc.constantFrom("on", "off").map(create) },
);

/** What one change is told as, by a watch that began just before it, and what it did. */
async function lookAt(fixture: KubeFixture, made: Change) {
  const { store, fleet } = fixture.api;
  /** Undefined: the object is not there. */
  const stateNow = async (): Promise<unknown> => {
    const { body } = await fixture.ask("GET", `${configMaps}/a`);
    return at(body, "metadata", "labels", "state");
  };
  const before = await stateNow();
  const { revision } = await store.head(fleet);
  const watch = await watching(fixture, `${selected}&resourceVersion=${revision}`);
  await made(fixture);
  const isChanged = (await store.head(fleet)).revision !== revision;
  const after = await stateNow();
  const types = (await watch.drain(8)).map(({ type }) => type);
  await watch.stop();
  return { isChanged, before, after, types };
}

type Looked = Omit<Awaited<ReturnType<typeof lookAt>>, "types">;

function typesOf({ isChanged, before, after }: Looked): string[] {
  if (!isChanged) return [];
  if (after === "on") return [before === "on" ? "MODIFIED" : "ADDED"];
  return before === "on" ? ["DELETED"] : [];
}

/** An object remembers the last change of its labels; what it was before that is not known. */
function mayHaveBeenOn(states: readonly unknown[]): boolean {
  return states.includes("on") || states.length > 2;
}

test("a watch that begins anew before each change tells each, and ends once more for safety", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      const fixture = await kubeFixture();
      /** Its states since it was created, of which no two in a row are equal. */
      let states: unknown[] = [];
      for (const each of steps) {
        const { types, ...looked } = await lookAt(fixture, each);
        if (looked.after !== states.at(-1)) states.push(looked.after);
        const isEnd = looked.isChanged && looked.after !== "on" && mayHaveBeenOn(states);
        expect([typesOf(looked), ...(isEnd ? [["DELETED"]] : [])]).toContainEqual(types);
        if (looked.after === undefined) states = [];
      }
    }),
    { numRuns: 20 },
  );
});
