import { isObject, objectOf } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import type { KubeFixture } from "../kube-fixture.ts";
import { requestOf } from "../kube-fixture.ts";

export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

export interface Watching {
  /** The next event; undefined at the end of the stream. Bare newlines are skipped. */
  readonly next: () => Promise<WatchEvent | undefined>;
  /** All events until nothing came for so many milliseconds, or the end. */
  readonly drain: (milliseconds: number) => Promise<readonly WatchEvent[]>;
  readonly stop: () => Promise<void>;
}

/** Opens a watch: `watching(fixture, "/api/v1/configmaps?watch=1")`. */
export async function watching(
  { send }: KubeFixture,
  path: string,
  accept?: string,
): Promise<Watching> {
  const response = await send(
    requestOf("GET", path, undefined, accept === undefined ? {} : { accept }),
  );
  if (response.body === null || response.status !== 200) {
    throw new Error(`Cannot watch: ${response.status} ${await response.text()}`);
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let ended = false;
  const take = async (): Promise<string | undefined> => {
    while (!text.includes("\n")) {
      const read = await reader.read();
      if (read.done) {
        ended = true;
        return undefined;
      }
      text += decoder.decode(read.value as Uint8Array, { stream: true });
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
  let pending: Promise<WatchEvent | undefined> | undefined;
  const read = async (): Promise<WatchEvent | undefined> => {
    for (;;) {
      const line = await take();
      if (line === undefined) return undefined;
      if (line !== "") return JSON.parse(line) as WatchEvent;
    }
  };
  const next = async (): Promise<WatchEvent | undefined> => {
    pending ??= read();
    const event = await pending;
    pending = undefined;
    return event;
  };
  return {
    next,
    drain: async (milliseconds) => {
      const events: WatchEvent[] = [];
      for (;;) {
        pending ??= read();
        const quiet = new Promise<"quiet">((resolve) =>
          setTimeout(() => resolve("quiet"), milliseconds),
        );
        const event = await Promise.race([pending, quiet]);
        if (event === "quiet") return events;
        pending = undefined;
        if (event === undefined || ended) return events;
        events.push(event);
      }
    },
    stop: async () => {
      await reader.cancel();
    },
  };
}

export function revisionOf(event: WatchEvent): string {
  const metadata = objectOf(event.object["metadata"]);
  return String(metadata["resourceVersion"]);
}

export function nameOf({ object }: WatchEvent): string {
  return isObject(object["metadata"]) ? String(object["metadata"]["name"]) : "";
}

/** What a client has after the events: names with what is in them. */
export function follow(known: Map<string, string>, events: readonly WatchEvent[]): void {
  for (const event of events) {
    if (event.type === "BOOKMARK") continue;
    const { name, namespace } = objectOf(event.object["metadata"]);
    const key = `${String(namespace)}/${String(name)}`;
    if (event.type === "DELETED") known.delete(key);
    else known.set(key, contentOf(event.object));
  }
}

export function contentOf(object: JsonObject): string {
  return JSON.stringify([object["data"], objectOf(object["metadata"])["labels"]]);
}
