import type { Document, Revision } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";

type Labels = Readonly<Record<string, string>>;

/** From one revision to another, both included. */
export interface Span {
  readonly from: Revision;
  readonly to: Revision;
}

/** All the labels that a document had in the span; undefined where nobody remembers. */
export function labelsDuring(
  { relabelled, body, createdRevision }: Document<KubeBody>,
  { from, to }: Span,
): readonly Labels[] | undefined {
  const now = body.metadata.labels ?? {};
  if (relabelled === undefined || relabelled.at <= from) return [now];
  const { at, before } = relabelled;
  if (before === undefined || before.since > Math.max(from, createdRevision)) return undefined;
  return at > to ? [before.labels] : [before.labels, now];
}
