import { expect, test } from "vitest";
import { memoryStore } from "../infra/local/memory-store/memory-store.ts";
import type { Effects } from "../shared/effects/effects.ts";
import type { Notice } from "../shared/effects/notices.ts";
import type { Wake } from "../shared/effects/wakes.ts";
import { type ClusterId, clusterIdOf, clusterKind, memberKind } from "../shared/fleet/model.ts";
import { newMember } from "../shared/fleet/new-member.ts";
import { type Document, keyOf, kind } from "../shared/lib/document.ts";
import { plusSeconds } from "../shared/lib/instant.ts";
import { lookAtWhatNoEventTold } from "../shared/look-at-what-no-event-told.ts";
import { reportPoison } from "../shared/report-poison.ts";
import {
  clusterArmId,
  fleetDocument,
  fleetId,
  noon,
  subscription,
  systemData,
} from "./builders.ts";

function world(tagged: readonly ClusterId[] = []) {
  const wakes: Wake[] = [];
  const notices: Notice[] = [];
  const asked: string[] = [];
  const clock = { now: () => noon };
  const effects = {
    store: memoryStore({ clock }),
    wakes: { wake: async (some: readonly Wake[]) => void wakes.push(...some) },
    clusters: {
      tagged: async (id: string) => {
        asked.push(id);
        return tagged;
      },
    },
    notices: { tell: async (some: readonly Notice[]) => void notices.push(...some) },
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  } as unknown as Effects;
  return { effects, wakes, notices, asked };
}

async function withFleet({ effects }: ReturnType<typeof world>, members: readonly string[]) {
  const { key, body } = fleetDocument();
  await effects.store.commit({ fleet: fleetId, writes: [{ kind: "create", key, body }] });
  for (const name of members) {
    const clusterResourceId = clusterArmId(name);
    const joinedBy = "tag" as const;
    const member = newMember({ fleet: fleetId, name, clusterResourceId, joinedBy, systemData });
    await effects.store.commit({ fleet: fleetId, writes: [{ kind: "create", ...member }] });
  }
}

test("what is overdue is woken, and what is not due is left alone", async () => {
  const one = world();
  const keys = ["due", "later"].map((name) => keyOf(kind("test/things"), fleetId, name));
  const moments = [plusSeconds(noon, -1), plusSeconds(noon, 60)];
  await one.effects.store.commit({
    fleet: fleetId,
    writes: keys.map((key, index) => ({
      kind: "create",
      key,
      body: {},
      wakeAt: moments[index] ?? noon,
    })),
  });
  await lookAtWhatNoEventTold(one.effects);
  expect(one.wakes.map(({ key }) => key.name)).toEqual(["due"]);
});

test("each member is looked at, spread over minutes", async () => {
  const one = world();
  await withFleet(one, ["aks-1", "aks-2"]);
  await lookAtWhatNoEventTold(one.effects);
  expect(one.wakes.map(({ key, at }) => [key.kind, key.name, at])).toEqual([
    [memberKind, "aks-1", noon],
    [memberKind, "aks-2", plusSeconds(noon, 120)],
  ]);
});

test("a cluster with a tag whose event was lost is looked at, a member's is not again", async () => {
  const [known, lost] = ["aks-1", "aks-9"].map((name) => clusterIdOf(clusterArmId(name)));
  const one = world([known as ClusterId, lost as ClusterId]);
  await withFleet(one, ["aks-1"]);
  await lookAtWhatNoEventTold(one.effects);
  const clusters = one.wakes.filter(({ key }) => key.kind === clusterKind);
  expect(clusters.map(({ key }) => key.name)).toEqual([lost]);
  expect(one.asked).toEqual([subscription]);
});

test("a poisoned wake is told on the fleet's topic, by its key and nothing else", async () => {
  const one = world();
  const message = { fleet: fleetId, kind: "configmaps", namespace: "demo", name: "greeting" };
  await reportPoison(JSON.stringify(message), one.effects);
  expect(one.notices).toMatchObject([
    {
      type: "Hubless.Fleet.WakePoisoned",
      source: fleetId,
      subject: "/configmaps/demo/greeting",
      data: { key: message },
    },
  ]);
});

test("the look costs no request for a fleet that does not exist", async () => {
  const one = world();
  await lookAtWhatNoEventTold(one.effects);
  expect(one.asked).toEqual([]);
  expect((await one.effects.store.find(memberKind)) satisfies readonly Document[]).toEqual([]);
});
