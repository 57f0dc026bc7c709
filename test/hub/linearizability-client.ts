/** Clients of a hub that write a handful of objects and note what they did and saw. */
import { seededRandom } from "../../infra/local/cosmos/faults.ts";
import { at } from "../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import type { Entry, Operation, Seen } from "./linearizability.ts";
import { type Answer, askHost, type HubHost } from "./two-hosts.ts";

export interface Noted extends Entry {
  readonly name: string;
}

/** What clients share: the history, and who saw what last, so that conditions can hold. */
export interface Notes {
  readonly entries: Noted[];
  /** Answers that fit no operation: what a kube-apiserver would never say. */
  readonly odd: string[];
  /** Revisions of lists, which are writes' as far as order goes. */
  readonly lists: { readonly startedAt: number; readonly revision: number }[];
}

export const configMaps = "/api/v1/namespaces/default/configmaps";
const mergePatch = "application/merge-patch+json";
const applyPatch = "application/apply-patch+yaml";

function seenIn(object: JsonObject): Seen {
  return {
    uid: String(at(object, "metadata", "uid")),
    revision: Number(at(object, "metadata", "resourceVersion")),
    value: String(at(object, "data", "value")),
  };
}

interface Client {
  readonly host: HubHost;
  readonly notes: Notes;
  readonly chance: () => number;
  /** A text that nobody writes twice. */
  readonly fresh: () => string;
  /** By name, what this client saw last. */
  readonly last: Map<string, Seen>;
}

export interface ClientOptions {
  readonly host: HubHost;
  readonly notes: Notes;
  readonly seed: number;
  readonly names: readonly string[];
  /** How many are made at least, and at most when the history never says enough. */
  readonly operations: { readonly min: number; readonly max: number };
  /** Whether the history that all clients share says enough. */
  readonly isEnough: () => boolean;
}

export async function runClient(options: ClientOptions): Promise<void> {
  const { host, notes, seed, names, operations, isEnough } = options;
  const chance = seededRandom(seed);
  let count = 0;
  const fresh = (): string => `${seed}-${++count}`;
  const client: Client = { host, notes, chance, fresh, last: new Map() };
  for (let each = 0; each < operations.max; each++) {
    if (each >= operations.min && isEnough()) return;
    const name = names[Math.floor(chance() * names.length)] as string;
    const kinds = [create, replace, replace, patch, patchAt, apply, remove, read, read, list];
    const kind = kinds[Math.floor(chance() * kinds.length)] as (typeof kinds)[number];
    await kind(client, name, names);
  }
}

type Outcome = "unknown" | { readonly status: number; readonly seen: Seen };

/** Asks, and notes what `operationOf` makes of the answer; "unknown" is an answer that was lost. */
async function noted(
  { host, notes, last }: Client,
  name: string,
  ask: {
    readonly method: string;
    readonly path: string;
    readonly type?: string;
    readonly content?: Json;
    readonly operationOf: (outcome: Outcome) => Operation | undefined;
  },
): Promise<void> {
  const startedAt = performance.now();
  const { method, path, type, content, operationOf } = ask;
  const body = content === undefined ? undefined : { content, ...(type !== undefined && { type }) };
  const answer = await askHost(host, method, path, body);
  const endedAt = performance.now();
  const outcome = outcomeOf(answer);
  const operation = operationOf(outcome);
  if (operation === undefined) {
    if (outcome !== "unknown") notes.odd.push(`${method} ${path}: ${JSON.stringify(answer)}`);
    return;
  }
  if (outcome === "unknown") {
    // Nobody learns anything from a read that failed.
    if (operation.kind !== "read")
      notes.entries.push({ name, startedAt, endedAt: Infinity, operation });
    return;
  }
  if (outcome.status < 300 && method !== "DELETE") last.set(name, outcome.seen);
  notes.entries.push({ name, startedAt, endedAt, operation });
}

function outcomeOf(answer: Answer | undefined): Outcome {
  const isAway = answer === undefined || answer.status === 503 || answer.status === 429;
  return isAway ? "unknown" : { status: answer.status, seen: seenIn(answer.body) };
}

const objectOf = (name: string, value: string, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data: { value },
});

async function create(client: Client, name: string): Promise<void> {
  const value = client.fresh();
  await noted(client, name, {
    method: "POST",
    path: configMaps,
    content: objectOf(name, value),
    operationOf: (outcome) => {
      if (outcome === "unknown") return { kind: "create", value, made: "unknown" };
      if (outcome.status === 201) return { kind: "create", value, made: outcome.seen };
      return outcome.status === 409 ? { kind: "create", value, made: "exists" } : undefined;
    },
  });
}

/** What became of a change of an object that must be there. */
const updateOf =
  (value: string, demanded: number | undefined) =>
  (outcome: Outcome): Operation | undefined => {
    const update = {
      kind: "update",
      value,
      ...(demanded !== undefined && { at: demanded }),
    } as const;
    if (outcome === "unknown") return { ...update, made: "unknown" };
    if (outcome.status === 200) return { ...update, made: outcome.seen };
    if (outcome.status === 409) return { ...update, made: "conflict" };
    return outcome.status === 404 ? { ...update, made: "absent" } : undefined;
  };

async function replace(client: Client, name: string): Promise<void> {
  const value = client.fresh();
  const revision = client.last.get(name)?.revision;
  const metadata = revision === undefined ? {} : { resourceVersion: String(revision) };
  await noted(client, name, {
    method: "PUT",
    path: `${configMaps}/${name}`,
    content: objectOf(name, value, metadata),
    operationOf: updateOf(value, revision),
  });
}

async function patch(client: Client, name: string): Promise<void> {
  const value = client.fresh();
  await noted(client, name, {
    method: "PATCH",
    path: `${configMaps}/${name}`,
    type: mergePatch,
    content: { data: { value } },
    operationOf: updateOf(value, undefined),
  });
}

async function patchAt(client: Client, name: string): Promise<void> {
  const known = client.last.get(name);
  if (known === undefined) return;
  const value = client.fresh();
  const { revision } = known;
  await noted(client, name, {
    method: "PATCH",
    path: `${configMaps}/${name}`,
    type: mergePatch,
    content: { metadata: { resourceVersion: String(revision) }, data: { value } },
    operationOf: updateOf(value, revision),
  });
}

async function apply(client: Client, name: string): Promise<void> {
  const value = client.fresh();
  await noted(client, name, {
    method: "PATCH",
    path: `${configMaps}/${name}?fieldManager=c&force=true`,
    type: applyPatch,
    content: objectOf(name, value),
    operationOf: (outcome) => {
      if (outcome === "unknown") return { kind: "upsert", value, made: "unknown" };
      if (outcome.status < 300) return { kind: "upsert", value, made: outcome.seen };
      // Others made it first, or changed it again and again: it took no effect.
      return outcome.status === 409 ? { kind: "update", value, made: "conflict" } : undefined;
    },
  });
}

async function remove(client: Client, name: string): Promise<void> {
  const known = client.chance() < 0.5 ? client.last.get(name) : undefined;
  const by = client.chance() < 0.5 ? "uid" : "resourceVersion";
  const [uid, revision] = by === "uid" ? [known?.uid, undefined] : [undefined, known?.revision];
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(revision !== undefined && { resourceVersion: String(revision) }),
  };
  const demanded = {
    ...(uid !== undefined && { uid }),
    ...(revision !== undefined && { at: revision }),
  };
  await noted(client, name, {
    method: "DELETE",
    path: `${configMaps}/${name}`,
    content: { kind: "DeleteOptions", apiVersion: "v1", preconditions },
    operationOf: (outcome) => {
      const operation = { kind: "delete", ...demanded } as const;
      if (outcome === "unknown") return { ...operation, made: "unknown" };
      if (outcome.status === 200) return { ...operation, made: "deleted" };
      if (outcome.status === 409) return { ...operation, made: "conflict" };
      return outcome.status === 404 ? { ...operation, made: "absent" } : undefined;
    },
  });
}

export async function read(client: Pick<Client, "host" | "notes" | "last">, name: string) {
  await noted({ ...client, chance: () => 0, fresh: () => "" }, name, {
    method: "GET",
    path: `${configMaps}/${name}`,
    operationOf: (outcome) => {
      if (outcome === "unknown") return { kind: "read", saw: "absent" };
      if (outcome.status === 200) return { kind: "read", saw: outcome.seen };
      return outcome.status === 404 ? { kind: "read", saw: "absent" } : undefined;
    },
  });
}

/** A list reads each object at some moment between its start and its end. */
async function list({ host, notes }: Client, _name: string, names: readonly string[]) {
  const startedAt = performance.now();
  const answer = await askHost(host, "GET", configMaps);
  const endedAt = performance.now();
  if (answer?.status !== 200) return;
  const items = (answer.body["items"] ?? []) as JsonObject[];
  const byName = new Map(items.map((item) => [String(at(item, "metadata", "name")), item]));
  for (const name of names) {
    const item = byName.get(name);
    const saw = item === undefined ? "absent" : seenIn(item);
    notes.entries.push({ name, startedAt, endedAt, operation: { kind: "read", saw } });
  }
  const revision = Number(at(answer.body, "metadata", "resourceVersion"));
  notes.lists.push({ startedAt, revision });
}
