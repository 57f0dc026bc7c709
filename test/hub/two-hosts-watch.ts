/** A client that keeps a list true by watching: what an informer does, at whichever host. */
import { at, objectOf } from "../../shared/kube/json.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import type { HubHost } from "./two-hosts.ts";

export interface FollowerOptions {
  readonly name: string;
  readonly hosts: readonly HubHost[];
  /** "/api/v1/configmaps" */
  readonly path: string;
  /** "labelSelector=state%3Don", or nothing. */
  readonly selector: string;
  /** Begins with a watch of all that is there, instead of a list. */
  readonly sendInitialEvents: boolean;
  readonly chance: () => number;
}

export interface Follower {
  readonly options: FollowerOptions;
  /** "shop/a" with its revision and content. */
  readonly known: ReadonlyMap<string, string>;
  /** Everything up to here is known. */
  readonly revision: () => number;
  readonly counts: Readonly<Record<"lists" | "watches" | "cuts" | "events" | "bookmarks", number>>;
  /** What no API server would send. */
  readonly odd: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface Event {
  readonly type: string;
  readonly object: JsonObject;
}

export function nameOf(object: JsonObject): string {
  const { namespace = "", name } = objectOf(object["metadata"]);
  return `${String(namespace)}/${String(name)}`;
}

export function revisionOf(object: JsonObject): number {
  return Number(at(object, "metadata", "resourceVersion"));
}

export function contentOf(object: JsonObject): string {
  const { uid, labels } = objectOf(object["metadata"]);
  return JSON.stringify([uid, revisionOf(object), labels, object["data"]]);
}

async function* eventsOf({ body }: Response): AsyncGenerator<Event> {
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as Event;
  }
}

/** Lists and watches until it is stopped. Each watch is cut, and goes on elsewhere. */
export function startFollower(options: FollowerOptions): Follower {
  const known = new Map<string, string>();
  const counts = { lists: 0, watches: 0, cuts: 0, events: 0, bookmarks: 0 };
  const odd: string[] = [];
  const { hosts, path, selector, sendInitialEvents, chance } = options;
  const stopped = new AbortController();
  let revision = 0;
  let isSynced = false;

  const url = (query: string): string => {
    const host = hosts[Math.floor(chance() * hosts.length)] as HubHost;
    return `${host.url()}${path}?${[query, selector].filter((each) => each !== "").join("&")}`;
  };
  const list = async (): Promise<void> => {
    counts.lists += 1;
    known.clear();
    let token = "";
    do {
      const page = await fetch(url(`limit=7&continue=${token}`), { signal: stopped.signal });
      if (!page.ok) throw new Error(`a list was refused: ${page.status}`);
      const body = (await page.json()) as JsonObject;
      for (const item of body["items"] as JsonObject[]) known.set(nameOf(item), contentOf(item));
      revision = revisionOf(body);
      token = String(at(body, "metadata", "continue") ?? "");
    } while (token !== "");
    isSynced = true;
  };
  const fail = (status: JsonObject): void => {
    if (status["code"] !== 410) odd.push(JSON.stringify(status));
    isSynced = false;
  };
  const keep = ({ type, object }: Event): void => {
    counts.events += 1;
    if (type === "DELETED") known.delete(nameOf(object));
    else known.set(nameOf(object), contentOf(object));
  };
  const take = ({ type, object }: Event): void => {
    if (type === "ERROR") {
      fail(object);
      return;
    }
    const now = revisionOf(object);
    // Objects that initial events tell are as old as they are; after that, time goes on.
    if (isSynced && now < revision) odd.push(`${type} ${nameOf(object)} at ${now} < ${revision}`);
    if (type === "BOOKMARK") {
      counts.bookmarks += 1;
      isSynced = true;
    } else keep({ type, object });
    if (isSynced) revision = now;
  };
  const request = (): string => {
    const how = isSynced
      ? `resourceVersion=${revision}`
      : "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    const seconds = chance() < 0.3 ? "&timeoutSeconds=1" : "";
    return `watch=1&allowWatchBookmarks=true&${how}${seconds}`;
  };
  const watch = async (): Promise<void> => {
    counts.watches += 1;
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), 50 + chance() * 1_500);
    if (!isSynced) known.clear();
    try {
      const signal = AbortSignal.any([cut.signal, stopped.signal]);
      const response = await fetch(url(request()), { signal });
      if (response.status === 410) isSynced = false;
      if (response.ok) for await (const event of eventsOf(response)) take(event);
    } finally {
      clearTimeout(timer);
      counts.cuts += cut.signal.aborted ? 1 : 0;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        if (!isSynced && !sendInitialEvents) await list();
        await watch();
      } catch {
        // A host that is away, or a connection that was cut: on to the next.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const running = run();
  return {
    options,
    known,
    counts,
    odd,
    revision: () => (isSynced ? revision : 0),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
