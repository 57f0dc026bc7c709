import { describe } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { dataKeys } from "../../shared/azure/seal/data-keys.ts";
import { type SecretRule, seals } from "../../shared/azure/seal/seals.ts";
import { sealedStore } from "../../shared/azure/sealed-store.ts";
import { others, testClock, things } from "../effects/store/subject.ts";
import { storeContract } from "../effects/store.contract.ts";
import { processOver, watchedWrap } from "./seal/sealing.ts";

describe("with nothing secret", () => {
  storeContract("sealedStore", async () => {
    const clock = testClock();
    const inner = memoryStore({ clock, tombstoneSeconds: 3_600 });
    const wrap = await watchedWrap();
    const store = processOver(inner, wrap, clock);
    const other = processOver(inner, wrap, clock);
    return { store, other, clock, tombstoneSeconds: 3_600 };
  });
});

/** All but the counts, which the database adds up, and the labels, whose changes it remembers. */
const allButCounts: SecretRule = {
  kinds: new Set([things, others]),
  parts: (_kind, body) =>
    Object.keys((body ?? {}) as object)
      .filter((name) => name !== "counts" && name !== "metadata")
      .map((name) => [name]),
};

describe("with all documents secret", () => {
  storeContract("sealedStore", async () => {
    const clock = testClock();
    const inner = memoryStore({ clock, tombstoneSeconds: 3_600 });
    const wrap = await watchedWrap();
    // Their keys are elsewhere, so that each commit makes the revision that the contract expects.
    const keys = memoryStore({ clock });
    const open = () =>
      sealedStore(inner, seals(dataKeys({ store: keys, wrap, clock }), allButCounts));
    return { store: open(), other: open(), clock, tombstoneSeconds: 3_600 };
  });
});
