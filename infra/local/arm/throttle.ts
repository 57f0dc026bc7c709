/**
 * Azure's limits on requests, as token buckets; the first that is empty answers 429.
 *
 * @see https://aka.ms/arm-throttling
 * @see https://learn.microsoft.com/azure/aks/quotas-skus-regions
 */
import { ArmError } from "./arm-error.ts";

const bucketsMax = 100_000;

/** What a request is, as the limits look at it; all in lower case. */
export interface Throttled {
  readonly method: string;
  /** Type with its collection or action at the end. */
  readonly type: string;
  readonly id: string;
  readonly subscriptionId: string;
  readonly principal: string;
  readonly isList: boolean;
}

interface Limit {
  readonly size: number;
  readonly refillPerSecond: number;
  readonly code: string;
  /** The bucket that the request draws from; undefined when the limit is not about it. */
  readonly bucket: (request: Throttled) => string | undefined;
  /** The header that says how much is left. */
  readonly header?: string;
}

export interface Throttle {
  /** @throws ArmError 429 with `Retry-After`; returns headers that say what is left */
  readonly take: (request: Throttled) => Readonly<Record<string, string>>;
}

/** `secondsNow` is the time of the simulation, so a faster one refills faster. */
export function createThrottle(secondsNow: () => number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (request) => {
      const headers: Record<string, string> = {};
      for (const [index, limit] of limits.entries()) {
        const name = limit.bucket(request);
        if (name === undefined) continue;
        const key = `${index} ${name}`;
        const tokens = refilled(limit, buckets.get(key), secondsNow());
        if (tokens < 1) throw throttled(limit, tokens);
        if (buckets.size >= bucketsMax) buckets.clear();
        buckets.set(key, { tokens: tokens - 1, at: secondsNow() });
        if (limit.header !== undefined) headers[limit.header] = String(Math.floor(tokens - 1));
      }
      return headers;
    },
  };
}

function refilled(
  { size, refillPerSecond }: Limit,
  bucket: { tokens: number; at: number } | undefined,
  now: number,
): number {
  if (bucket === undefined) return size;
  return Math.min(size, bucket.tokens + (now - bucket.at) * refillPerSecond);
}

function throttled({ code, refillPerSecond, size }: Limit, tokens: number): ArmError {
  return new ArmError(429, {
    code,
    message:
      `The request is being throttled: at most ${size} at once and ${refillPerSecond} per ` +
      "second. Please retry after the time that the Retry-After header names.",
    retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / refillPerSecond)),
  });
}

const cluster = "microsoft.containerservice/managedclusters";
const isAks = ({ type }: Throttled) => type.startsWith("microsoft.containerservice/");
const isNetwork = ({ type }: Throttled) => type.startsWith("microsoft.network/");
const isMonitor = ({ type }: Throttled) => type.includes("/locations/operation");
const isClusterPut = ({ method, type }: Throttled) =>
  method === "put" && (type === cluster || type === `${cluster}/agentpools`);
const isClusterGet = ({ method, type, isList }: Throttled) =>
  method === "get" && type === cluster && !isList;
const isClusterList = ({ method, type, isList }: Throttled) =>
  method === "get" && type === cluster && isList;

/** A limit of ARM itself, for each principal in each subscription. */
function ofArm(size: number, refillPerSecond: number, methods: readonly string[]): Limit {
  const isRead = methods.includes("get");
  return {
    size,
    refillPerSecond,
    code: "TooManyRequests",
    header: `x-ms-ratelimit-remaining-subscription-${isRead ? "reads" : "writes"}`,
    bucket: ({ method, principal, subscriptionId }) =>
      methods.includes(method) ? `${principal} ${subscriptionId}` : undefined,
  };
}

function ofAks(size: number, refillPerSecond: number, bucket: Limit["bucket"]): Limit {
  return { size, refillPerSecond, code: "Throttled", bucket };
}

function ofNetwork(per5Minutes: number, isRead: boolean): Limit {
  return {
    size: per5Minutes,
    refillPerSecond: per5Minutes / 300,
    code: "TooManyRequests",
    bucket: (request) =>
      isNetwork(request) && (request.method === "get") === isRead
        ? request.subscriptionId
        : undefined,
  };
}

const limits: readonly Limit[] = [
  ofArm(250, 25, ["get", "head"]),
  ofArm(200, 10, ["put", "patch", "post"]),
  ofArm(200, 10, ["delete"]),
  ofAks(500, 1, (request) => (isClusterList(request) ? request.subscriptionId : undefined)),
  ofAks(60, 1, (request) =>
    isClusterList(request) && request.id.includes("/resourcegroups/") ? request.id : undefined,
  ),
  ofAks(20, 1 / 60, (request) => (isClusterPut(request) ? request.id : undefined)),
  ofAks(60, 1, (request) => (isClusterGet(request) ? request.id : undefined)),
  ofAks(200, 2, (request) =>
    isAks(request) && isMonitor(request) ? request.subscriptionId : undefined,
  ),
  ofAks(60, 1, (request) =>
    isAks(request) &&
    !(
      isMonitor(request) ||
      isClusterPut(request) ||
      isClusterGet(request) ||
      isClusterList(request)
    )
      ? request.subscriptionId
      : undefined,
  ),
  ofNetwork(1_000, false),
  ofNetwork(10_000, true),
];
