import type { Changes, Head } from "../../effects/store.ts";
import type { Document, Revision } from "../../lib/document.ts";
import { type ListOptions, listOptionsOf } from "../http/list-options.ts";
import { documentsIn, isSelected, type Scope } from "../rest/list.ts";
import { viewOf } from "../rest/present.ts";
import { tooLargeRevision } from "../rest/read.ts";
import type { ResourceRequest } from "../rest/resource-request.ts";
import { asStatusError, expired, StatusError } from "../status-error.ts";
import { endsKind } from "./definition-change.ts";
import { bytesOf } from "./document-bytes.ts";
import { type Encoder, encoderOf } from "./event-encoder.ts";
import { type Inbox, inboxOf } from "./inbox.ts";
import { type Brought, eventMaker, isInScope } from "./watch-events.ts";
import { watchStream } from "./watch-stream.ts";

/** Azure's front ends cut a request after 230 s; ours ends before, cleanly. */
export const watchSecondsMax = 220;
const keepAliveMilliseconds = 20_000;
const bookmarkMilliseconds = 60_000;
/** A client that is behind by more changed documents, or bytes, is ended, and lists again. */
const waitingDocumentsMax = 5_000;
const waitingBytesMax = 32 * 1024 * 1024;

type News = (Changes & { readonly endsKind?: true }) | { readonly kind: "failed" };

interface Watch {
  readonly request: ResourceRequest;
  readonly options: ListOptions;
  readonly scope: Scope;
  readonly inbox: Inbox<News>;
  readonly encode: Encoder;
  /** The fleet's revision then. */
  readonly openedAt: Revision;
  /** In milliseconds since the epoch. */
  readonly endsAt: number;
}

/**
 * A stream of events, one JSON object a line, from a revision on. It ends by itself, with a
 * bookmark for those who ask, before the platform would cut it; clients resume where they were.
 *
 * Events of one commit share a revision. A client that was cut off between two of them resumes at
 * that revision, so when a commit has written several objects of the kind they are told again.
 */
export async function watchObjects(request: ResourceRequest): Promise<Response> {
  const { api, kind, query } = request;
  const options = listOptionsOf(query, kind);
  const head = await api.store.head(api.fleet);
  const since = options.resourceVersion ?? 0;
  if (since > head.revision) throw tooLargeRevision(since, head.revision);
  const seconds = Math.min(options.timeoutSeconds ?? watchSecondsMax, watchSecondsMax);
  const watch: Watch = {
    request,
    options,
    scope: { ...request, options },
    inbox: inboxOf<News>(waitingBytesMax),
    encode: encoderOf(request, options),
    openedAt: head.revision,
    endsAt: Date.now() + seconds * 1000,
  };
  const startsWithList = options.sendInitialEvents ?? since === 0;
  const isTooOld = !startsWithList && since > 0 && since < head.horizon;
  const lines = isTooOld
    ? expiredLines(watch, since, head.horizon)
    : startsWithList
      ? linesFromList(watch, head.revision)
      : linesFrom(watch, since === 0 ? head.revision : since, head);
  return streamOf(withErrors(lines, watch), watch);
}

/** A watch that cannot go on says so, and ends: its client has had its 200 already. */
async function* withErrors(
  lines: AsyncGenerator<string, undefined>,
  { encode, request }: Watch,
): AsyncGenerator<string, undefined> {
  try {
    yield* lines;
  } catch (error) {
    const refusal = asStatusError(error);
    if (refusal.code === 500) {
      const text = error instanceof Error ? error.stack : String(error);
      request.api.log?.error("Cannot go on with a watch", { error: text });
    }
    yield encode.error(refusal);
  }
}

function streamOf(lines: AsyncGenerator<string, undefined>, { inbox, request }: Watch): Response {
  const { signal } = request.request;
  return new Response(watchStream(lines, { signal, close: inbox.close }), {
    headers: { "content-type": "application/json", "cache-control": "no-cache, private" },
  });
}

async function* linesFromList(watch: Watch, revision: Revision): AsyncGenerator<string, undefined> {
  const { scope, options, encode } = watch;
  for await (const documents of documentsIn(scope)) {
    const lines: string[] = [];
    for (const document of documents) {
      const object = await viewOf(document, scope);
      if (isSelected(object, scope)) lines.push(encode.event("ADDED", object));
    }
    if (lines.length > 0) yield lines.join("");
    if (watch.inbox.isClosed()) return;
  }
  if (options.sendInitialEvents === true && options.bookmarks)
    yield encode.bookmark(revision, true);
  const { api } = watch.request;
  const { revision: mayHaveSeen } = await api.store.head(api.fleet);
  const brought = { from: revision, since: revision, to: mayHaveSeen };
  yield* linesAfter(watch, { after: revision, brought });
}

async function* linesFrom(
  watch: Watch,
  since: Revision,
  { horizon, revision }: Head,
): AsyncGenerator<string, undefined> {
  // Who has older objects than from the horizon was told to list again; of a commit there it may
  // have seen a part.
  const brought = { from: horizon - 1, since, to: revision };
  yield* linesAfter(watch, { after: Math.max(since - 1, horizon), brought });
}

/** Where a watch begins to tell: after a revision whose commit the client has seen whole. */
interface Start {
  readonly after: Revision;
  readonly brought: Brought;
}

async function* linesAfter(watch: Watch, start: Start): AsyncGenerator<string, undefined> {
  const { api } = watch.request;
  const { after } = start;
  const stop = api.watch.follow(api.fleet, after, (all) => {
    const news = newsFor(watch, all);
    // A client that does not keep up is ended; it resumes from what it has read.
    if (!watch.inbox.put(news, sizeOf(news))) watch.inbox.close();
  });
  try {
    yield* linesOfNews(watch, start);
  } finally {
    stop();
  }
}

/** Without what the watch does not show: a quiet kind waits for no busy one. */
function newsFor({ scope, openedAt }: Watch, news: News): News {
  if (news.kind !== "changes") return news;
  const isEnd = news.documents.some((each) => endsKind(each, scope.kind, openedAt));
  const documents = news.documents.filter((each) => isInScope(each, scope));
  return { ...news, documents, ...(isEnd && { endsKind: true }) };
}

/** In bytes, with a document counted as so many at least. */
function sizeOf(news: News): number {
  if (news.kind !== "changes") return 0;
  const least = waitingBytesMax / waitingDocumentsMax;
  return news.documents.reduce((sum, each) => sum + Math.max(least, bytesOf(each)), 0);
}

async function* linesOfNews(watch: Watch, start: Start): AsyncGenerator<string, undefined> {
  const { inbox, encode } = watch;
  const teller = tellerOf(watch, start);
  const bookmarks = bookmarksOf(watch);
  let sentAt = Date.now();
  while (!inbox.isClosed() && Date.now() < watch.endsAt) {
    const quietAt = Math.min(watch.endsAt, sentAt + keepAliveMilliseconds);
    const news = await inbox.take(quietAt - Date.now());
    const end = endBy(news, teller.told());
    if (end !== undefined) {
      yield encode.error(end);
      return;
    }
    const lines = await teller.tell(news);
    if (isOfEnd(news)) {
      yield lines.join("");
      break;
    }
    lines.push(...bookmarks.ifDue(teller.told()));
    const isQuiet = lines.length === 0;
    if (isQuiet && Date.now() < sentAt + keepAliveMilliseconds) continue;
    sentAt = Date.now();
    yield isQuiet ? "\n" : lines.join("");
  }
  // What was waiting for a client that did not keep up is not told, so no bookmark may pass it.
  if (!inbox.isClosed()) yield* bookmarks.atEnd(teller.told());
}

/** Whether there will be no more news of the watch's kind, as it was. */
function isOfEnd(news: News | undefined): boolean {
  return news?.kind === "changes" && news.endsKind === true;
}

function endBy(news: News | undefined, told: Revision): StatusError | undefined {
  if (news?.kind === "expired") return tooOld(told, news.horizon);
  return news?.kind === "failed" ? unavailable() : undefined;
}

interface Teller {
  readonly tell: (news: News | undefined) => Promise<string[]>;
  /** The client knows everything up to here. */
  readonly told: () => Revision;
}

function tellerOf({ scope, encode }: Watch, { after, brought }: Start): Teller {
  const { since } = brought;
  const events = eventMaker(scope, brought);
  let told = since;
  return {
    told: () => told,
    tell: async (news) => {
      if (news?.kind !== "changes") return [];
      const { documents, upTo } = news;
      const newer = documents.filter(({ revision }) => revision > since);
      const made = [
        ...(await events.eventsOf(tornCommit(documents, scope, since), after)),
        ...(await events.eventsOf(newer, since)),
      ];
      told = Math.max(upTo, since);
      return made.map(({ type, object }) => encode.event(type, object));
    },
  };
}

interface Bookmarks {
  readonly ifDue: (told: Revision) => Iterable<string>;
  readonly atEnd: (told: Revision) => Iterable<string>;
}

function bookmarksOf({ options, encode }: Watch): Bookmarks {
  let last = Date.now();
  const bookmark = (told: Revision): readonly string[] => {
    last = Date.now();
    return options.bookmarks ? [encode.bookmark(told, false)] : [];
  };
  return {
    ifDue: (told) => (Date.now() - last > bookmarkMilliseconds ? bookmark(told) : []),
    atEnd: bookmark,
  };
}

/**
 * The objects of the commit that the client starts from, when it may have seen some of them only:
 * of a single one it has seen all. That others of the commit have changed since does not matter.
 */
function tornCommit(
  documents: readonly Document[],
  scope: Scope,
  since: Revision,
): readonly Document[] {
  return documents.filter(
    (document) =>
      document.revision <= since && document.sharesRevision === true && isInScope(document, scope),
  );
}

async function* expiredLines(
  { encode }: Watch,
  since: Revision,
  horizon: Revision,
): AsyncGenerator<string, undefined> {
  yield await Promise.resolve(encode.error(tooOld(since, horizon)));
}

function tooOld(since: Revision, horizon: Revision): StatusError {
  return expired(`too old resource version: ${since} (${horizon})`);
}

function unavailable(): StatusError {
  return new StatusError(503, "ServiceUnavailable", "the store cannot be read: try again later");
}
