import fc from "fast-check";
import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { configMaps, type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { contentOf, follow, revisionOf, type WatchEvent, watching } from "./watching.ts";

type Step =
  | { readonly kind: "write"; readonly name: string; readonly label: string; readonly data: string }
  | { readonly kind: "delete"; readonly name: string }
  /** The client's watch ends after so many of its next events; it resumes where it was. */
  | { readonly kind: "cut"; readonly after: number };

const names = fc.constantFrom("a", "b", "c", "d");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      name: names,
      label: fc.constantFrom("on", "off"),
      data: fc.constantFrom("1", "2"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), name: names }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut" as const), after: fc.nat(3) }) },
);

async function make(fixture: KubeFixture, made: Step): Promise<void> {
  const { ask } = fixture;
  if (made.kind === "delete") await ask("DELETE", `${configMaps}/${made.name}`);
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

test.each([
  ["", "all"],
  ["&labelSelector=state%3Don", "what a selector selects"],
])(
  "a client that lists, watches and resumes ends with %s of what is there (%s)",
  async (selector) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
        const fixture = await kubeFixture();
        await make(fixture, { kind: "write", name: "a", label: "on", data: "0" });
        let { known, revision } = await listOf(fixture, selector);
        const open = async () =>
          await watching(fixture, `${configMaps}?watch=1&resourceVersion=${revision}${selector}`);
        let watch = await open();
        const learn = (events: readonly WatchEvent[]) => {
          follow(known, events);
          const last = events.at(-1);
          if (last !== undefined) revision = revisionOf(last);
        };
        for (const each of steps) {
          await make(fixture, each);
          if (each.kind !== "cut") continue;
          const events = await watch.drain(15);
          learn(events.slice(0, each.after));
          await watch.stop();
          watch = await open();
        }
        learn(await watch.drain(60));
        await watch.stop();
        const { known: want } = await listOf(fixture, selector);
        expect([...known].sort()).toEqual([...want].sort());
      }),
      { numRuns: 25 },
    );
  },
);
