import { expect, test } from "vitest";
import {
  emptyHead,
  fateOf,
  headItem,
  headOf,
  type LogHead,
  nextHead,
} from "../../../shared/azure/fleet-log/head.ts";
import { documentOf } from "../../../shared/azure/fleet-log/item.ts";
import { parseInstant, plusSeconds } from "../../../shared/lib/instant.ts";
import { newFleet } from "../../effects/store/subject.ts";

const start = parseInstant("2026-01-01T00:00:00Z");

function committed(head: LogHead, id: string, atSeconds = 0): LogHead {
  const commit = (head.writers.find((writer) => writer.id === id)?.commit ?? 0) + 1;
  const writer = { id, commit, next: "next-turn" } as const;
  return nextHead(head, { writer, now: plusSeconds(start, atSeconds), tombstoneSeconds: 86_400 });
}

test("a head is stored and read back, and is no document", () => {
  const head = committed(committed(committed(emptyHead, "a"), "b"), "a", 5);
  const item = headItem(newFleet(), head);
  expect(headOf(item)).toEqual(head);
  expect(documentOf(item)).toBeUndefined();
  expect(JSON.stringify(item).length).toBeLessThan(400);
});

test("a head names each writer's last commit, the last writer first", () => {
  const head = committed(committed(committed(emptyHead, "a"), "b"), "a");
  expect(head.writers).toMatchObject([
    { id: "a", commit: 2, revision: 3 },
    { id: "b", commit: 1, revision: 2 },
  ]);
});

test("the fate of a commit shows in any later head", () => {
  const base = committed(emptyHead, "a");
  const mine = { id: "me", commit: 7, revision: 2 };
  expect(fateOf(mine, base)).toEqual({ kind: "open" });
  expect(fateOf(mine, committed(base, "b"))).toEqual({ kind: "lost" });
  const writer = { id: "me", commit: 7, next: "unknown" } as const;
  let head = nextHead(base, { writer, now: start, tombstoneSeconds: 86_400 });
  for (let each = 0; each < 300; each++) head = committed(head, `other-${each}`, each / 10);
  expect(fateOf(mine, head)).toEqual({ kind: "saved", revision: 2 });
  expect(fateOf({ ...mine, commit: 8, revision: 3 }, head)).toEqual({ kind: "lost" });
});

test("a head forgets writers that are gone", () => {
  let head = emptyHead;
  for (let each = 0; each < 300; each++) head = committed(head, `writer-${each}`, each * 10);
  expect(head.writers.length).toBeLessThanOrEqual(64);
  expect(committed(head, "late", 10_000).writers).toHaveLength(1);
});
