/**
 * A store whose database never sees what is secret: bodies are sealed on their way in and opened on
 * their way out. Nobody else knows.
 *
 * S1. What nothing is secret of costs nothing, and is served while the keeper of keys is away.
 * S2. A body that is equal to what was read is saved as it lies in the database: it changes
 *     nothing, whichever key sealed it. Other bodies are sealed with the newest key.
 * S3. A document that cannot be opened is refused where it is asked for by name or in a list. Among
 *     changes, which are everyone's, it is there, and refuses only who looks at its body.
 * S4. A commit throws before it is made, or not because of a seal.
 * S5. Sealing lets nothing in that is too large without it.
 */
import { type Commit, documentBytesMax, type Store } from "../effects/store.ts";
import { type Document, type Key, keyText, type Write } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { type OpenedDocuments, openedDocuments } from "./seal/opened-documents.ts";
import type { Seals } from "./seal/seals.ts";

export function sealedStore(store: Store, seals: Seals): Store {
  const documents = openedDocuments(seals);

  async function openAll<Body>(found: readonly Document<Body>[]) {
    return await Promise.all(found.map(documents.open));
  }

  return {
    ...store,

    async read(key) {
      const found = await store.read(key);
      return found && (await documents.open(found));
    },

    async list(query) {
      const page = await store.list(query);
      return seals.concern(query.kind)
        ? { ...page, documents: await openAll(page.documents) }
        : page;
    },

    async find(kind, ref) {
      const found = await store.find(kind, ref);
      return seals.concern(kind) ? await openAll(found) : found;
    },

    async commit(commit) {
      const isConcerned = commit.writes.some((write) => seals.concern(keyOfWrite(write).kind));
      const requires = commit.require?.some(({ kind }) => kind === "unchanged") ?? false;
      if (!isConcerned && !requires) return await store.commit(commit);
      const committed = await store.commit(await sealedCommit(commit, seals, documents));
      if (committed.kind === "changed-meanwhile") return committed;
      const opened = committed.documents.map(
        async (each) => each && (await documents.openOrRefuse(each)),
      );
      return { ...committed, documents: await Promise.all(opened) };
    },

    async changes(fleet, after) {
      const changes = await store.changes(fleet, after);
      if (changes.kind === "expired") return changes;
      if (!changes.documents.some(({ key }) => seals.concern(key.kind))) return changes;
      return {
        ...changes,
        documents: await Promise.all(changes.documents.map(documents.openOrRefuse)),
      };
    },
  };
}

async function sealedCommit(
  commit: Commit,
  seals: Seals,
  documents: OpenedDocuments,
): Promise<Commit> {
  const seal = async (key: Key, body: unknown) => await sealed(key, body, seals);
  const writes = commit.writes.map(async (write): Promise<Write> => {
    if (write.kind === "count" || !seals.concern(keyOfWrite(write).kind)) return write;
    if (write.kind === "create") return { ...write, body: await seal(write.key, write.body) };
    const { document: outside } = write;
    const document = await documents.closed(outside, seal);
    if (write.kind === "delete") return { ...write, document };
    const isSame = isEqual(write.body, outside.body);
    return {
      ...write,
      document,
      body: isSame ? document.body : await seal(outside.key, write.body),
    };
  });
  const require = (commit.require ?? []).map((each) =>
    each.kind === "unchanged" ? { ...each, document: documents.remembered(each.document) } : each,
  );
  return { ...commit, writes: await Promise.all(writes), require };
}

async function sealed(key: Key, body: unknown, seals: Seals): Promise<unknown> {
  const text = JSON.stringify(body ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes <= documentBytesMax) return await seals.seal(key, JSON.parse(text) as unknown);
  throw new FleetError(
    "TooLarge",
    `Cannot save document "${keyText(key)}" of ${bytes} bytes: must be at most ` +
      `${documentBytesMax} bytes`,
  );
}

const keyOfWrite = (write: Write): Key => ("key" in write ? write.key : write.document.key);
