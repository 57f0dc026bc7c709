import { type Answer, answer, containerHeaders, documentsBody } from "./answers.ts";
import type { Container } from "./container.ts";
import type { StoredItem } from "./item.ts";
import { badRequest, notSupported } from "./refusal.ts";
import type { Replica } from "./replica.ts";
import { feedCharge } from "./request-units.ts";
import type { WireRequest } from "./wire.ts";

const itemsDefault = 100;
const itemsMax = 1_000;
/** The service's limit for the body of one answer. */
const pageBytesMax = 4 * 1024 * 1024;

export interface FeedRequest {
  readonly container: Container;
  /** Undefined for the feed of the whole container. */
  readonly partitionKey: string | undefined;
}

/**
 * Serves a page of the change feed in its latest-version mode: each item once, in the order of its
 * last write, deletes not at all. `if-none-match` says where to start: after a log sequence number,
 * now (`*`), or at the beginning when it is missing; `if-modified-since` leaves out what is older.
 * The answer's ETag continues from there; 304 says that there is nothing new. Items of one batch
 * come on one page.
 *
 * @throws Refusal (400) for other modes.
 */
export function serveChangeFeed(
  request: WireRequest,
  { container, partitionKey }: FeedRequest,
  replica: Replica,
): Answer {
  const { headers } = request;
  if (headers["a-im"] !== "Incremental Feed") {
    throw notSupported(`a change feed of mode "${headers["a-im"]}"`);
  }
  const after = startOf(headers["if-none-match"], replica);
  const asked = Number(headers["x-ms-max-item-count"] ?? itemsDefault);
  const { items, next } = pageAfter(after, replica, {
    partitionKey,
    sinceSeconds: secondsOf(headers["if-modified-since"]),
    itemsMax: asked > 0 ? Math.min(asked, itemsMax) : itemsMax,
  });
  const documents = items.map((item) => `${item.text.slice(0, -1)},"_lsn":${item.lsn}}`);
  return answer({
    status: items.length === 0 ? 304 : 200,
    charge: feedCharge(items.map((item) => item.bytes)),
    body: items.length === 0 ? "" : documentsBody(container, documents),
    headers: {
      ...containerHeaders(container, replica.lsn()),
      etag: `"${next}"`,
      "x-ms-item-count": String(items.length),
    },
  });
}

interface PageLimits {
  readonly partitionKey: string | undefined;
  readonly sinceSeconds: number;
  readonly itemsMax: number;
}

function pageAfter(after: number, replica: Replica, limits: PageLimits) {
  const items: StoredItem[] = [];
  let bytes = 0;
  let next = after;
  for (const item of replica.byLsn.ascending((each) => each.lsn <= after)) {
    if (limits.partitionKey !== undefined && item.partitionKey !== limits.partitionKey) continue;
    if (item.writtenAtSeconds < limits.sinceSeconds) continue;
    const full = items.length >= limits.itemsMax || bytes > pageBytesMax;
    if (full && item.lsn !== next) return { items, next };
    items.push(item);
    bytes += item.bytes;
    next = item.lsn;
  }
  // Everything up to now was looked at, so deletes and other partitions are not looked at again.
  return { items, next: Math.max(next, replica.lsn()) };
}

function secondsOf(date: string | undefined): number {
  const ms = date === undefined ? 0 : Date.parse(date);
  if (Number.isNaN(ms)) throw badRequest(`Invalid If-Modified-Since '${date}'`);
  return Math.floor(ms / 1000);
}

function startOf(ifNoneMatch: string | undefined, replica: Replica): number {
  if (ifNoneMatch === undefined) return 0;
  if (ifNoneMatch === "*") return replica.lsn();
  const lsn = /^"(\d+)"$/.exec(ifNoneMatch)?.[1];
  if (lsn === undefined) throw badRequest(`Invalid change feed continuation '${ifNoneMatch}'`);
  return Number(lsn);
}
