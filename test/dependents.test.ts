import { describe, expect, test } from "vitest";
import { memoryStore } from "../infra/local/memory-store/memory-store.ts";
import { dependentsOf } from "../shared/dependents.ts";
import type { Effects } from "../shared/effects/effects.ts";
import type { Wake } from "../shared/effects/wakes.ts";
import { type ClusterProfile, clusterProfileKind } from "../shared/fleet/model.ts";
import { openApiMemberKey } from "../shared/hub/open-api/model.ts";
import { type Document, keyOf, kind } from "../shared/lib/document.ts";
import type { KubeBody } from "../shared/lib/kube-object.ts";
import { type Placement, placementKind } from "../shared/placement/model.ts";
import { wakeForDocuments } from "../shared/wake.ts";
import { documentOf, fleetId, memberDocument, noon } from "./builders.ts";

const configMap = documentOf(keyOf(kind<KubeBody>("configmaps"), fleetId, "greeting", "demo"), {
  metadata: {},
});
const profile = documentOf(keyOf(clusterProfileKind, fleetId, "aks-1"), {} as ClusterProfile);

describe("a changed document wakes", () => {
  const member = memberDocument("aks-1");

  test("itself, when somebody keeps it", () => {
    expect(dependentsOf(member).keys).toContainEqual(member.key);
  });

  test("nobody by its own key, once it is gone", () => {
    expect(dependentsOf({ ...member, deletedAt: noon }).keys).not.toContainEqual(member.key);
  });

  test("whoever learns from members what built-in kinds look like, also once it is gone", () => {
    const learner = openApiMemberKey(fleetId, "aks-1");
    expect(dependentsOf(member).keys).toContainEqual(learner);
    expect(dependentsOf({ ...member, deletedAt: noon }).keys).toContainEqual(learner);
  });

  test("the placements that select it, when it is a template", () => {
    const { keys, lookups } = dependentsOf(configMap);
    expect(keys).toEqual([]);
    expect(lookups.length).toBeGreaterThan(0);
    expect(lookups.every(({ kind: of }) => of === "referring")).toBe(true);
  });

  test("each placement with this member alone, when its profile changed", () => {
    expect(dependentsOf(profile).lookups).toContainEqual({ kind: "candidates", member: "aks-1" });
  });
});

test("documents of one batch that wake the same are one wake, for the newest of them", async () => {
  const wakes: Wake[] = [];
  const store = memoryStore({ clock: { now: () => noon } });
  const key = keyOf(placementKind, fleetId, "demo");
  await store.commit({
    fleet: fleetId,
    writes: [{ kind: "create", key, body: {} as Placement, refs: ["selects:namespaces/demo"] }],
  });
  const effects = {
    store,
    wakes: { wake: async (some: readonly Wake[]) => void wakes.push(...some) },
  } as unknown as Effects;
  const at = (document: Document, revision: number) => ({ ...document, revision });
  await wakeForDocuments([at(configMap, 7), at(configMap, 9)], effects);
  expect(wakes).toEqual([{ key, atLeast: 9 }]);
});
