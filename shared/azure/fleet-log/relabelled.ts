import { isDeepStrictEqual } from "node:util";
import type { Document, Relabelled, Revision } from "../../lib/document.ts";

/** More than this is not remembered: a commit of 98 documents must not outgrow a batch. */
const rememberedBytesMax = 1_024;

/** What a document that is replaced by a commit remembers of the labels that it had. */
export function relabelled(
  before: Document,
  body: unknown,
  revision: Revision,
): Relabelled | undefined {
  const labels = labelsOf(before.body);
  if (isDeepStrictEqual(labels, labelsOf(body))) return before.relabelled;
  const since = before.relabelled?.at ?? before.createdRevision;
  const isSmall = Buffer.byteLength(JSON.stringify(labels)) <= rememberedBytesMax;
  return { at: revision, ...(isSmall && { before: { labels, since } }) };
}

function labelsOf(body: unknown): Readonly<Record<string, string>> {
  const { metadata } = (body ?? {}) as {
    readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  };
  return metadata?.labels ?? {};
}
