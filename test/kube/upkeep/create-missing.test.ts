import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { documentKind } from "../../../shared/kube/served-kind.ts";
import { createMissing } from "../../../shared/kube/upkeep/create-missing.ts";
import type { FleetId } from "../../../shared/lib/document.ts";

const fleet = "/fleet" as FleetId;
const kind = documentKind("", "namespaces");
const wanted = ["a", "b"].map((name) => ({
  key: { fleet, kind, name },
  body: { metadata: {}, by: "us" },
}));

test("what somebody makes meanwhile stays theirs, and the others are made all the same", async () => {
  const memory = memoryStore({ clock: systemClock });
  let commits = 0;
  const store: Store = {
    ...memory,
    commit: async (commit) => {
      const key = { fleet, kind, name: "b" };
      const theirs = { kind: "create", key, body: { metadata: {}, by: "them" } } as const;
      if (commits++ === 0) await memory.commit({ fleet, writes: [theirs] });
      return await memory.commit(commit);
    },
  };
  await createMissing({ store, fleet }, wanted);
  const { documents } = await memory.list({ fleet, kind });
  expect(documents.map(({ key, body }) => [key.name, body])).toMatchObject([
    ["a", { by: "us" }],
    ["b", { by: "them" }],
  ]);
  const before = commits;
  await createMissing({ store, fleet }, wanted);
  expect(commits).toBe(before);
});
