import type { Document, Key } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { Seals } from "./seals.ts";

/**
 * Documents as they are handed out, each remembered with what lies in the database, which the store
 * knows by its ETag.
 */
export interface OpenedDocuments {
  readonly open: <Body>(inside: Document<Body>) => Promise<Document<Body>>;
  /**
   * Instead of throwing, or waiting long, a document that throws when its body is looked at.
   */
  readonly openOrRefuse: <Body>(inside: Document<Body>) => Promise<Document<Body>>;
  /** What lies in the database; the same document when that is not known. */
  readonly remembered: (outside: Document) => Document;
  /** What lies in the database; sealed anew when the document was copied or parsed. */
  readonly closed: (outside: Document, seal: SealBody) => Promise<Document>;
}

/** Changes wait no longer for a keeper of keys: others watch other documents. */
const patienceMilliseconds = 2_000;

type SealBody = (key: Key, body: unknown) => Promise<unknown>;

export function openedDocuments(seals: Seals): OpenedDocuments {
  const insides = new WeakMap<Document, Document>();
  const outsides = new WeakMap<Document, Document>();

  async function open<Body>(inside: Document<Body>): Promise<Document<Body>> {
    if (!seals.concern(inside.key.kind)) return inside;
    const known = outsides.get(inside);
    if (known !== undefined) return known as Document<Body>;
    const body = await seals.open(inside);
    const outside = body === inside.body ? inside : Object.freeze({ ...inside, body });
    insides.set(outside, inside);
    outsides.set(inside, outside);
    return outside;
  }

  return {
    open,

    async openOrRefuse(inside) {
      try {
        return await inTime(open(inside));
      } catch (error) {
        const outside = refusing(inside, error);
        insides.set(outside, inside);
        return outside;
      }
    },

    remembered: (outside) => insides.get(outside) ?? outside,

    async closed(outside, seal) {
      const inside = insides.get(outside);
      return inside ?? { ...outside, body: await seal(outside.key, outside.body) };
    },
  };
}

/** Throws "Unavailable" when it takes too long; it goes on, so that the next one need not wait. */
async function inTime<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = "Cannot open a sealed document: the keeper of its key must answer";
      reject(new FleetError("Unavailable", message, { retryAfterSeconds: 1 }));
    }, patienceMilliseconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refusing<Body>(inside: Document<Body>, error: unknown): Document<Body> {
  const { body: _, ...rest } = inside;
  const get = () => {
    throw error;
  };
  return Object.freeze(Object.defineProperty(rest, "body", { enumerable: true, get }) as never);
}
