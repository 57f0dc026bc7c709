/**
 * The body of a document with its secret parts taken out, and back in.
 *
 *     { metadata: { annotations: null }, type: "Opaque", data: null,
 *       "@sealed": "1.7.3q2-7w…" }
 *
 * stands for a Secret: what was taken out is null where it was, and is, with its path, in the
 * sealed text at the end. The text names its format (1) and its data key ("7").
 */
import { type Key, keyText } from "../../lib/document.ts";
import { openedText, type SealingKeys, sealedText } from "./sealed-text.ts";
import type { Path } from "./secret-parts.ts";

/** No field of a Kubernetes object begins with "@"; a Secret's own is sealed with the rest. */
const sealedField = "@sealed";
const format = "1";
const envelope = /^1\.([0-9]{1,9})\.([\w-]+)$/;

export interface DataKey extends SealingKeys {
  /** Names it within its fleet. */
  readonly name: string;
}

interface Placed<Body> {
  readonly key: Key<Body>;
  readonly body: Body;
}

/** The name of the data key that a body is sealed with; undefined for a plain one. */
export function sealedWith({ key, body }: Placed<unknown>): string | undefined {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, sealedField)) return;
  const [, name] = sealedParts(body) ?? [];
  if (name === undefined) throw cannotOpen(key);
  return name;
}

/** The body, which is JSON, with the parts at these paths sealed; itself when there are none. */
export function sealedBody<Body>(
  { key, body }: Placed<Body>,
  paths: readonly Path[],
  dataKey: DataKey,
): Body {
  if (paths.length === 0) return body;
  const plain = structuredClone(body);
  const parts = paths.map((path) => [path, replaced(plain, path, null)]);
  const sealed = sealedText(JSON.stringify(parts), boundTo(key, dataKey.name), dataKey);
  return Object.assign(plain as object, {
    [sealedField]: `${format}.${dataKey.name}.${sealed}`,
  }) as Body;
}

/** The body as it was sealed. Throws, with the document's key, for one that is not as it was. */
export function openedBody<Body>({ key, body }: Placed<Body>, dataKey: DataKey): Body {
  const [, , sealed = ""] = sealedParts(body) ?? [];
  const text = openedText(sealed, boundTo(key, dataKey.name), dataKey);
  if (text === undefined) throw cannotOpen(key);
  const { [sealedField]: _, ...plain } = structuredClone(body) as Record<string, unknown>;
  for (const [path, part] of JSON.parse(text) as [Path, unknown][]) replaced(plain, path, part);
  return plain as Body;
}

/** What belongs to one document, and to one data key, opens nowhere else. */
function boundTo(key: Key, dataKey: string): string {
  return JSON.stringify(["hubless", format, dataKey, keyText(key)]);
}

/** All, the name of the data key, the sealed text. */
function sealedParts(body: unknown): RegExpExecArray | null {
  const text = (body as Readonly<Record<string, unknown>>)[sealedField];
  return typeof text === "string" ? envelope.exec(text) : null;
}

const cannotOpen = (key: Key): Error =>
  new Error(`Cannot open "${keyText(key)}": must be as it was sealed`);

/** Puts a value in a path's place and returns what was there. */
function replaced(body: unknown, path: Path, value: unknown): unknown {
  const last = path.at(-1) ?? "";
  let within = body as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) within = within[name] as Record<string | number, unknown>;
  const before = within[last];
  // A field named "__proto__" is one like any other.
  Object.defineProperty(within, last, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return before;
}
