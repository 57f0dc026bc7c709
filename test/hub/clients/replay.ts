/** Sends what a client was seen or is documented to send, and compares each answer. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect } from "vitest";
import { tokenOf } from "../../journeys/ask.ts";
import type { Laptop } from "../../journeys/laptop.ts";

/**
 * One request, as the files in `recorded/` hold them. In every text `$name` stands for a value
 * that was given, or kept from an earlier answer.
 */
export interface Step {
  /** What the client does by it, for the message when the answer is another. */
  readonly does: string;
  /** "PATCH /api/v1/namespaces/$ns/configmaps/a?force=true" */
  readonly send: string;
  readonly accept?: string;
  /** The media type of the body; JSON when left out. */
  readonly type?: string;
  readonly body?: unknown;
  readonly status: number;
  /** The media type of the answer. */
  readonly answers?: string;
  /** What the answer holds, among more; "*" stands for any text, "+" for any whole number. */
  readonly has?: unknown;
  /** What the answer lacks: dotted paths. */
  readonly lacks?: readonly string[];
  /** `metadata.managedFields` of the answer, all of it but the times. */
  readonly managedFields?: readonly object[];
  /** Names that later steps use, and the dotted paths where their values are. */
  readonly keep?: Readonly<Record<string, string>>;
  /** False: the collection that is asked holds the very same objects afterwards. */
  readonly changes?: false;
  /** The first events of a watch, which is ended after them. */
  readonly events?: readonly unknown[];
}

type Names = Record<string, string>;

/** Replays a file of `recorded/`; gives the number of steps, so that none goes unseen. */
export async function replay(
  laptop: Laptop,
  file: string,
  given: Readonly<Names>,
): Promise<number> {
  const text = await readFile(join(import.meta.dirname, "recorded", file), "utf8");
  const steps = load(text) as readonly Step[];
  const names: Names = { ...given };
  const token = await tokenOf(laptop);
  const send = async (step: Pick<Step, "send" | "accept" | "type" | "body">) =>
    await sendStep(laptop.endpoints.hub, token, step);
  const held = async (step: Step) =>
    at(await (await send({ send: `GET ${collectionOf(step)}` })).json(), "items");
  for (const [index, each] of steps.entries()) {
    const step = substituted(each, names);
    const before = step.changes === false ? await held(step) : undefined;
    const response = await send(step);
    const seen = await answerOf(response, step);
    check(step, seen, `${file}, step ${index + 1}: ${step.does}`);
    if (before !== undefined) expect(await held(step), step.does).toEqual(before);
    for (const [name, path] of Object.entries(step.keep ?? {})) {
      names[name] = String(at(seen.body, path));
    }
  }
  return steps.length;
}

/**
 * "/api/v1/namespaces/a/configmaps" of each path in it. What it holds is compared, not the fleet's
 * revision: that moves as long as deletions of earlier steps are carried on.
 */
function collectionOf({ send }: Step): string {
  const [collection] = /\/namespaces\/[^/]+\/[^/?]+/.exec(send) ?? [];
  if (collection === undefined) throw new Error(`no collection of a namespace in ${send}`);
  return send.slice(send.indexOf("/"), send.indexOf(collection)) + collection;
}

async function sendStep(
  hub: string,
  token: string,
  { send, accept, type, body }: Pick<Step, "send" | "accept" | "type" | "body">,
): Promise<Response> {
  const [method = "", path = ""] = send.split(" ");
  return await fetch(`${hub}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(accept !== undefined && { accept }),
      ...(body !== undefined && { "content-type": type ?? "application/json" }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

async function answerOf(response: Response, step: Step): Promise<Seen> {
  const { status, headers } = response;
  const type = headers.get("content-type");
  if (step.events !== undefined) {
    return { status, type, body: await eventsOf(response, step.events.length) };
  }
  const text = await response.text();
  return { status, type, body: text.startsWith("{") ? (JSON.parse(text) as unknown) : text };
}

/** The first events of a watch, bookmarks aside; the connection is closed then. */
async function eventsOf(response: Response, count: number): Promise<unknown> {
  const events: unknown[] = [];
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const event = JSON.parse(line) as { readonly type: string };
      if (event.type !== "BOOKMARK") events.push(event);
    }
    if (events.length >= count) break;
  }
  return events.slice(0, count);
}

function check(step: Step, seen: Seen, because: string): void {
  const { status, body } = seen;
  const told = `${because}: ${JSON.stringify(body).slice(0, 600)}`;
  expect(status, told).toBe(step.status);
  if (step.answers !== undefined) expect(seen.type, told).toBe(step.answers);
  if (step.has !== undefined) expect(body, told).toMatchObject(matcher(step.has) as object);
  if (step.events !== undefined) expect(body, told).toEqual(matcher(step.events));
  for (const path of step.lacks ?? []) expect(at(body, path), `${told}: ${path}`).toBeUndefined();
  if (step.managedFields !== undefined) {
    const fields = (at(body, "metadata.managedFields") ?? []) as readonly object[];
    const timeless = fields.map(({ time, ...rest }: { readonly time?: unknown }) => {
      expect(time, told).toMatch(/^\d{4}-.*Z$/);
      return rest;
    });
    expect(timeless, told).toEqual(step.managedFields);
  }
}

/** The value with "*" and "+" as what matches them; objects in lists hold more than they say. */
function matcher(value: unknown): unknown {
  if (value === "*") return expect.any(String) as unknown;
  if (value === "+") return expect.stringMatching(/^\d+$/) as unknown;
  if (Array.isArray(value)) return value.map(matcher);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, each]) => [name, matcher(each)] as const);
  return expect.objectContaining(Object.fromEntries(fields)) as unknown;
}

function substituted<Value>(value: Value, names: Readonly<Names>): Value {
  const text = JSON.stringify(value).replace(/\$([a-z]+)/g, (whole, name: string) =>
    Object.hasOwn(names, name) ? (names[name] ?? whole) : whole,
  );
  return JSON.parse(text) as Value;
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}
