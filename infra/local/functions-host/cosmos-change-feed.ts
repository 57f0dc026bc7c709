import {
  type ChangeFeedIteratorOptions,
  ChangeFeedStartFrom,
  type Container,
  type FeedRange as SdkFeedRange,
  StatusCodes,
} from "@azure/cosmos";
import type { ChangeCursor, ChangeFeed, ChangeFeedStart, FeedRange } from "./change-feed.ts";

/**
 * The change feed of a Cosmos DB container, through the pull model of `@azure/cosmos`: the latest
 * version of each changed document. A look that finds nothing costs one request per range.
 */
export function cosmosChangeFeed(container: Container, itemsPerPageMax?: number): ChangeFeed {
  const pageSize = itemsPerPageMax === undefined ? {} : { maxItemCount: itemsPerPageMax };

  async function startOf(range: FeedRange, start: ChangeFeedStart) {
    if (start.kind === "continuation") return ChangeFeedStartFrom.Continuation(start.continuation);
    const sdkRange = await sdkRangeOf(container, range);
    if (start.kind === "now") return ChangeFeedStartFrom.Now(sdkRange);
    if (start.kind === "beginning") return ChangeFeedStartFrom.Beginning(sdkRange);
    return ChangeFeedStartFrom.Time(start.at, sdkRange);
  }

  return {
    resourceId: async () => {
      const { resource } = await container.read();
      if (resource === undefined) throw new Error(`Cannot read container "${container.id}"`);
      return resource._rid;
    },
    ranges: async () => {
      const ranges = await container.getFeedRanges();
      return ranges.map(({ minInclusive, maxExclusive }) => ({ minInclusive, maxExclusive }));
    },
    open: async (range, start) => {
      const changeFeedStartFrom = await startOf(range, start);
      return openCursor(container, { changeFeedStartFrom, ...pageSize });
    },
  };
}

/**
 * The SDK takes only ranges that it made itself, and a range that has split since is not among
 * them any more, though the SDK still follows it.
 */
async function sdkRangeOf(container: Container, range: FeedRange): Promise<SdkFeedRange> {
  const [known] = await container.getFeedRanges();
  const prototype = Object.getPrototypeOf(known) as object;
  return Object.assign(Object.create(prototype) as object, range) as SdkFeedRange;
}

function openCursor(container: Container, options: ChangeFeedIteratorOptions): ChangeCursor {
  const iterator = container.items.getChangeFeedIterator<object>(options);
  return {
    next: async () => {
      const { statusCode, result, continuationToken } = await iterator.readNext();
      // The SDK hands out a 410 that is no split as an empty page, and has lost its place then.
      if (statusCode !== StatusCodes.Ok && statusCode !== StatusCodes.NotModified) {
        throw new Error(`Cannot read changes of "${container.id}": the service says ${statusCode}`);
      }
      return { documents: result, continuation: continuationToken };
    },
  };
}
