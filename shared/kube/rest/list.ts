import { pagesOf } from "../../effects/list-all.ts";
import { type ListQuery, pageDocumentsMax } from "../../effects/store.ts";
import type { Document, Revision } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { jsonSyntaxError } from "../http/go-json.ts";
import { type ListOptions, listOptionsOf } from "../http/list-options.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey, labelsOf } from "../object/to-object.ts";
import { exactValue, matchesFields } from "../selector/field-selector.ts";
import { matchesLabels } from "../selector/label-selector.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { badRequest, expired } from "../status-error.ts";
import { respondList, type View, viewOf } from "./present.ts";
import { tooLargeRevision } from "./read.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** A list without a limit ends here, with a `continue` token. */
const listDocumentsMax = 20_000;
/** A page with selectors looks at no more documents than this; the client asks for the next. */
const pageLooksMax = 4;

/** Which objects of a kind a list or a watch is about. */
export type Scope = View & {
  readonly namespace?: string;
  readonly options: Pick<ListOptions, "labels" | "fields">;
};

/** Whether an object is in the scope by what its client sees of it. */
export function isSelected(object: KubeObject, { options }: Scope): boolean {
  return matchesLabels(options.labels, labelsOf(object)) && matchesFields(options.fields, object);
}

/**
 * GET of a collection, in pages. The revision is read before the objects, and later pages keep the
 * first page's: a watch from it may repeat what the list had, but misses nothing.
 */
export async function listObjects(request: ResourceRequest): Promise<Response> {
  const { api, kind, query } = request;
  const options = listOptionsOf(query, kind);
  const scope: Scope = { ...request, options };
  const start = await startOf(api, options);
  const page = await readPage(scope, options.limit, start.after);
  const metadata = {
    resourceVersion: String(start.revision),
    ...(page.next !== undefined && {
      continue: formatToken({ revision: start.revision, after: page.next }),
      ...(await remaining(scope, page.next, options.limit)),
    }),
  };
  return respondList(page.objects, request, metadata);
}

interface Start {
  readonly revision: Revision;
  readonly after?: string;
}

async function startOf(api: KubeApi, options: ListOptions): Promise<Start> {
  const head = await api.store.head(api.fleet);
  if (options.continue !== undefined) {
    const token = parseToken(options.continue);
    if (token.revision > head.revision) throw unknownToken("it must come from the list before");
    if (token.revision < head.horizon) {
      throw expired(
        "The provided continue parameter is too old to display a consistent list result. You can " +
          "start a new list without the continue parameter.",
      );
    }
    return token;
  }
  const { resourceVersion: wanted, match } = options;
  if (wanted !== undefined && wanted > head.revision) throw tooLargeRevision(wanted, head.revision);
  if (match === "Exact" && wanted !== head.revision) {
    // The log keeps the newest state of each object, so an older list cannot be made.
    throw expired("The resourceVersion for the provided list is too old.");
  }
  return { revision: head.revision };
}

/**
 * How many objects follow a small page, when no more than a page of the store does: Kubernetes
 * leaves it out where it does not know. Pages of kubectl's size cost one query and no other.
 */
async function remaining(
  scope: Scope,
  after: string,
  limit: number | undefined,
): Promise<{ readonly remainingItemCount?: number }> {
  const { labels, fields } = scope.options;
  const isLarge = limit === undefined || limit >= pageDocumentsMax;
  if (isLarge || labels.length > 0 || fields.length > 0) return {};
  const { documents, next } = await scope.api.store.list(listQuery(scope, pageDocumentsMax, after));
  return next === undefined ? { remainingItemCount: documents.length } : {};
}

interface ObjectPage {
  readonly objects: readonly KubeObject[];
  readonly next?: string;
}

async function readPage(
  scope: Scope,
  limit: number | undefined,
  start: string | undefined,
): Promise<ObjectPage> {
  const named = await readNamed(scope);
  if (named !== undefined) return { objects: named };
  const max = limit ?? listDocumentsMax;
  const objects: KubeObject[] = [];
  let looks = 0;
  let after = start;
  do {
    const page = await scope.api.store.list(
      listQuery(scope, Math.min(max - objects.length, pageDocumentsMax), after),
    );
    for (const document of page.documents) {
      // Labels are as they are stored: what is not selected need not be made for its client.
      if (!matchesLabels(scope.options.labels, document.body.metadata.labels ?? {})) continue;
      const object = await viewOf(document, scope);
      if (isSelected(object, scope)) objects.push(object);
    }
    after = page.next;
    looks += 1;
  } while (
    after !== undefined &&
    objects.length < max &&
    (limit === undefined || looks < pageLooksMax)
  );
  return { objects, ...(after !== undefined && { next: after }) };
}

/** The one document that a field selector names, which `kubectl wait` and `delete` list. */
async function readNamed(scope: Scope): Promise<readonly KubeObject[] | undefined> {
  const { api, kind } = scope;
  const name = exactValue(scope.options.fields, "metadata.name");
  const namespace = namespaceOf(scope, kind);
  if (name === undefined || (kind.namespaced && namespace === undefined)) return undefined;
  const at = { fleet: api.fleet, name, ...(namespace !== undefined && { namespace }) };
  const document = await api.store.read(documentKey(kind, at));
  if (document === undefined) return [];
  const object = await viewOf(document, scope);
  return isSelected(object, scope) ? [object] : [];
}

/** All documents in a scope, page by page, for who does something with each. */
export function documentsIn({
  api,
  kind,
  namespace,
}: Pick<Scope, "kind" | "namespace"> & {
  readonly api: Pick<KubeApi, "store" | "fleet">;
}): AsyncGenerator<readonly Document<KubeBody>[]> {
  return pagesOf(api.store, {
    fleet: api.fleet,
    kind: kind.documents,
    ...(namespace !== undefined && { namespace }),
  });
}

/** Reads one namespace where the path or a field selector names one. */
function listQuery(scope: Scope, limit: number, after: string | undefined): ListQuery<KubeBody> {
  const { api, kind } = scope;
  const namespace = namespaceOf(scope, kind);
  return {
    fleet: api.fleet,
    kind: kind.documents,
    limit,
    ...(namespace !== undefined && { namespace }),
    ...(after !== undefined && { after }),
  };
}

function namespaceOf(scope: Scope, kind: ServedKind): string | undefined {
  if (!kind.namespaced) return undefined;
  return scope.namespace ?? exactValue(scope.options.fields, "metadata.namespace");
}

function formatToken({ revision, after }: Required<Start>): string {
  return Buffer.from(JSON.stringify({ v: 1, revision, after })).toString("base64url");
}

function parseToken(text: string): Required<Start> {
  const decoded = Buffer.from(text, "base64url").toString();
  let token: unknown;
  try {
    token = JSON.parse(decoded);
  } catch {
    // Go shows the bytes of what is no text.
    throw unknownToken(jsonSyntaxError(Buffer.from(text, "base64url").toString("latin1")));
  }
  const { v, revision, after } = Object(token) as Record<string, unknown>;
  if (v !== 1) throw unknownToken(`server does not recognize this encoded version ${String(v)}`);
  if (typeof revision === "number" && typeof after === "string") return { revision, after };
  throw unknownToken("it must come from the list before");
}

function unknownToken(because: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${because}`);
}
