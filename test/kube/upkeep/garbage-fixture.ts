/** ConfigMaps that own each other, and processes that collect what is garbage of them. */
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import type { Commit, Committed, Store } from "../../../shared/effects/store.ts";
import { arrayOf, at, objectOf } from "../../../shared/kube/json.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { collectGarbage, type Ended } from "../../../shared/kube/upkeep/collect-garbage.ts";
import type { Document } from "../../../shared/lib/document.ts";
import type { JsonObject, KubeBody } from "../../../shared/lib/kube-object.ts";
import { configMaps, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { finalizersOf, hold } from "./garbage-rules.ts";
import type { Policy } from "./owner-graphs.ts";

export interface Owning {
  readonly owner: string;
  readonly blocks: boolean;
}

export interface GarbageFixture {
  readonly api: KubeApi;
  readonly make: (
    name: string,
    owners?: readonly Owning[],
    how?: { readonly isHeld?: boolean },
  ) => Promise<void>;
  readonly reown: (name: string, owners: readonly Owning[]) => Promise<void>;
  readonly remove: (name: string, policy?: Policy) => Promise<void>;
  readonly free: (name: string) => Promise<void>;
  readonly objects: () => Promise<readonly JsonObject[]>;
  readonly names: () => Promise<readonly string[]>;
  /** All that is gone or on its way out. */
  readonly ended: () => Promise<readonly Ended[]>;
  /** So many processes look at all that has ended, at once and again, until nothing changes. */
  readonly settle: (processes?: number) => Promise<void>;
}

/** Called before each commit; what it returns is the commit's end, if anything. */
export type BeforeCommit = (commit: Commit) => Promise<Committed | undefined>;

const roundsMax = 50;

export async function garbageFixture(before?: BeforeCommit): Promise<GarbageFixture> {
  const memory = memoryStore({ clock: systemClock });
  const store: Store = {
    ...memory,
    commit: async (commit) => (await before?.(commit)) ?? (await memory.commit(commit)),
  };
  const { api, ask } = await kubeFixture({ store, collectsGarbage: true });
  const objects = async (): Promise<readonly JsonObject[]> =>
    arrayOf((await ask("GET", configMaps)).body["items"]).map(objectOf);
  const uids = new Map<string, string>();
  const referencesTo = (owners: readonly Owning[]): JsonObject[] =>
    owners.map(({ owner, blocks }) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      name: owner,
      uid: uids.get(owner) ?? "",
      blockOwnerDeletion: blocks,
    }));
  const patch = async (name: string, metadata: JsonObject): Promise<void> => {
    await ask("PATCH", `${configMaps}/${name}`, { metadata }, { type: mergePatchType });
  };
  const ended = async (): Promise<readonly Ended[]> => {
    const changes = await memory.changes(api.fleet, 0);
    if (changes.kind !== "changes") throw new Error("the log is not that old");
    return (changes.documents as readonly Document<KubeBody>[]).flatMap(endOf);
  };
  return {
    api,
    make: async (name, owners = [], { isHeld = false } = {}) => {
      const finalizers = isHeld ? [hold] : [];
      const metadata = { name, finalizers, ownerReferences: referencesTo(owners) };
      const { body } = await ask("POST", configMaps, { metadata });
      uids.set(name, String(at(body, "metadata", "uid")));
    },
    reown: async (name, owners) => await patch(name, { ownerReferences: referencesTo(owners) }),
    remove: async (name, policy = "Foreground") => {
      await ask("DELETE", `${configMaps}/${name}?propagationPolicy=${policy}`);
    },
    free: async (name) => {
      const { body } = await ask("GET", `${configMaps}/${name}`);
      await patch(name, { finalizers: finalizersOf(body).filter((each) => each !== hold) });
    },
    objects,
    names: async () => (await objects()).map((object) => String(at(object, "metadata", "name"))),
    ended,
    settle: async (processes = 1) => {
      for (let round = 0; round < roundsMax; round++) {
        const { revision } = await memory.head(api.fleet);
        const looks = (await ended()).flatMap((each) => Array<Ended>(processes).fill(each));
        await Promise.all(looks.map(async (each) => await collectGarbage(api, each)));
        if ((await memory.head(api.fleet)).revision === revision) return;
      }
      throw new Error(`it does not settle in ${roundsMax} rounds`);
    },
  };
}

function endOf(document: Document<KubeBody>): readonly Ended[] {
  if (document.deletedAt !== undefined) return [{ kind: "gone", uid: document.uid }];
  const isGoing = document.body.metadata.deletionTimestamp !== undefined;
  return isGoing ? [{ kind: "waiting", document }] : [];
}
