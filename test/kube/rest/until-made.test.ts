/** Writes that name no version are made, however many there are at once. */
import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import { at } from "../../../shared/kube/json.ts";
import {
  type Answer,
  applyType,
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const many = Array.from({ length: 24 }, (_, index) => index);

/** Two processes on one store. */
async function hosts(): Promise<readonly KubeFixture[]> {
  const store = memoryStore({ clock: systemClock });
  return [await kubeFixture({ store }), await kubeFixture({ store })];
}

type Ask = (fixture: KubeFixture, index: number) => Promise<Answer>;

async function statuses(ask: Ask, fixtures: readonly KubeFixture[]): Promise<readonly number[]> {
  const answers = many.map(async (index) => {
    const fixture = fixtures[index % fixtures.length] as KubeFixture;
    return (await ask(fixture, index)).status;
  });
  return (await Promise.all(answers)).toSorted();
}

const applied = (index: number) => ({
  ...configMap("a"),
  apiVersion: "v1",
  kind: "ConfigMap",
  data: { [`k${index}`]: "1" },
});

test.each<[what: string, ask: Ask]>([
  [
    "merge patches",
    async ({ ask }, index) =>
      await ask(
        "PATCH",
        `${configMaps}/a`,
        { data: { [`k${index}`]: "1" } },
        { type: mergePatchType },
      ),
  ],
  [
    "applies of different managers",
    async ({ ask }, index) => {
      const path = `${configMaps}/a?fieldManager=m${index}`;
      return await ask("PATCH", path, applied(index), { type: applyType });
    },
  ],
])("%s at once all leave what they write", async (_what, ask) => {
  const fixtures = await hosts();
  const [first] = fixtures as [KubeFixture];
  await first.ask("POST", configMaps, configMap("a"));
  expect(await statuses(ask, fixtures)).toEqual(many.map(() => 200));
  const { body } = await first.ask("GET", `${configMaps}/a`);
  expect(Object.keys(at(body, "data") ?? {})).toEqual(
    expect.arrayContaining(many.map((index) => `k${index}`)),
  );
});

test("of applies that make the same object one makes it, and all others change it", async () => {
  const fixtures = await hosts();
  const asked = await statuses(async ({ ask }, index) => {
    const path = `${configMaps}/a?fieldManager=m${index}`;
    return await ask("PATCH", path, applied(index), { type: applyType });
  }, fixtures);
  expect(asked).toEqual([...many.slice(1).map(() => 200), 201]);
});

test("of deletes at once one finds the object", async () => {
  const fixtures = await hosts();
  const [first] = fixtures as [KubeFixture];
  await first.ask("POST", configMaps, configMap("a"));
  const asked = await statuses(async ({ ask }) => await ask("DELETE", `${configMaps}/a`), fixtures);
  expect(asked).toEqual([200, ...many.slice(1).map(() => 404)]);
});

test("who names a version loses to whoever was faster", async () => {
  const fixtures = await hosts();
  const [first] = fixtures as [KubeFixture];
  const { body } = await first.ask("POST", configMaps, configMap("a"));
  const asked = await statuses(
    async ({ ask }, index) =>
      await ask("PUT", `${configMaps}/a`, { ...body, data: { by: String(index) } }),
    fixtures,
  );
  expect(asked).toEqual([200, ...many.slice(1).map(() => 409)]);
});

test("a warning is told once, however often a write is made again", async () => {
  const fixtures = await hosts();
  const [first] = fixtures as [KubeFixture];
  await first.ask("POST", widgets, widgetOf("a", { size: 1 }));
  const warnings = await Promise.all(
    many.map(async (index) => {
      const { ask } = fixtures[index % 2] as KubeFixture;
      const body = { metadata: { labels: { k: String(index) } }, spec: { unknown: index } };
      const type = { type: mergePatchType };
      const { headers, status } = await ask("PATCH", `${widgets}/a`, body, type);
      expect(status).toBe(200);
      return headers.get("warning");
    }),
  );
  expect(new Set(warnings)).toEqual(new Set(['299 - "unknown field \\"spec.unknown\\""']));
});
