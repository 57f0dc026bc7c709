import { isDeepStrictEqual } from "node:util";
import type { Document, Relabelled, Revision } from "../../lib/document.ts";

/** More than this of labels is not remembered: a document must not grow by half. */
const rememberedBytesMax = 8_192;

/** What a document that is replaced by a commit remembers of the labels that it had. */
export function relabelled(before: Document, body: unknown, at: Revision): Relabelled | undefined {
  const labels = labelsOf(before.body);
  if (isDeepStrictEqual(labels, labelsOf(body))) return before.relabelled;
  const since = before.relabelled?.at ?? before.createdRevision;
  const isSmall = Buffer.byteLength(JSON.stringify(labels)) <= rememberedBytesMax;
  return { at, ...(isSmall && { before: { labels, since } }) };
}

function labelsOf(body: unknown): Readonly<Record<string, string>> {
  const { metadata } = (body ?? {}) as {
    readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  };
  return metadata?.labels ?? {};
}
