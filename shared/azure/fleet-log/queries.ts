/**
 * The queries of the fleet log. Those in one fleet are ranges over an indexed property in its
 * order, so a page continues after the last thing seen and needs no token of the service. Those
 * over all fleets have neither order nor limit, which the gateway serves as they are.
 */
import type { SqlQuerySpec } from "@azure/cosmos";
import type { ListQuery } from "../../effects/store.ts";
import type { Kind, Revision } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";
import { idRange } from "./id-range.ts";

export function listQuery(query: ListQuery<unknown>, count: number): SqlQuerySpec {
  const { from, to } = idRange(query.kind, query.namespace, query.after);
  const { ref } = query;
  const withRef = ref === undefined ? "" : " AND ARRAY_CONTAINS(c.refs, @ref)";
  return {
    query:
      `SELECT TOP ${Math.trunc(count)} * FROM c` +
      ` WHERE c.id >= @from AND c.id < @to${withRef} ORDER BY c.id`,
    parameters: [
      { name: "@from", value: from },
      { name: "@to", value: to },
      ...(ref === undefined ? [] : [{ name: "@ref", value: ref }]),
    ],
  };
}

export function changesQuery(after: Revision, upTo: Revision, count: number): SqlQuerySpec {
  return {
    query:
      `SELECT TOP ${Math.trunc(count)} * FROM c` +
      " WHERE c.revision > @after AND c.revision <= @upTo ORDER BY c.revision",
    parameters: [
      { name: "@after", value: after },
      { name: "@upTo", value: upTo },
    ],
  };
}

/** Something of the kind that was created, changed or deleted after the revision. */
export function kindChangedQuery(kind: Kind, after: Revision): SqlQuerySpec {
  return {
    query: "SELECT TOP 1 VALUE c.id FROM c WHERE c.kind = @kind AND c.revision > @after",
    parameters: [
      { name: "@kind", value: kind },
      { name: "@after", value: after },
    ],
  };
}

export function findQuery(kind: Kind, ref: string | undefined): SqlQuerySpec {
  const withRef = ref === undefined ? "" : " AND ARRAY_CONTAINS(c.refs, @ref)";
  return {
    query: `SELECT * FROM c WHERE c.kind = @kind${withRef} AND NOT IS_DEFINED(c.deletedAt)`,
    parameters: [
      { name: "@kind", value: kind },
      ...(ref === undefined ? [] : [{ name: "@ref", value: ref }]),
    ],
  };
}

export function referringQuery(ref: string): SqlQuerySpec {
  return {
    query:
      "SELECT c.fleet, c.kind, c.namespace, c.name FROM c" +
      " WHERE ARRAY_CONTAINS(c.refs, @ref) AND NOT IS_DEFINED(c.deletedAt)",
    parameters: [{ name: "@ref", value: ref }],
  };
}

/** A tombstone has no `wakeAt`. */
export function overdueQuery(now: Instant): SqlQuerySpec {
  return {
    query: "SELECT c.fleet, c.kind, c.namespace, c.name FROM c WHERE c.wakeAt <= @now",
    parameters: [{ name: "@now", value: now }],
  };
}
