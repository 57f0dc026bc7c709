/**
 * What an error of `@azure/cosmos` means for whoever asked.
 *
 * The SDK throws a response's error as it is, but wraps that of a batch: `error.cause.code`. A
 * connection that broke has a text for a code ("ECONNRESET"), an aborted request only a name.
 */

export type Refusal =
  /** Nothing happened; asking again after a while may help. */
  | { readonly kind: "busy"; readonly retryAfterMilliseconds: number }
  /** It may have happened: the answer is lost. */
  | { readonly kind: "unknown" }
  /** Asking again gives the same answer. */
  | { readonly kind: "refused"; readonly status: number | undefined };

/** 429: over the request units; 449: the service could not order two writes. */
const busyStatuses: readonly unknown[] = [429, 449];

/** 408, 410, 5xx: the service moved, broke or was too slow. */
const lostStatuses: readonly unknown[] = [408, 410, 500, 502, 503, 504];

/** Some refusals name no time. */
const retryAfterMillisecondsDefault = 20;
const retryAfterMillisecondsMax = 5_000;

export function refusalOf(error: unknown): Refusal {
  const { code, name, retryAfterInMs } = causeOf(error);
  if (busyStatuses.includes(code)) {
    const asked = retryAfterInMs ?? retryAfterMillisecondsDefault;
    return { kind: "busy", retryAfterMilliseconds: Math.min(asked, retryAfterMillisecondsMax) };
  }
  const isSocket = typeof code === "string" && !/^\d+$/.test(code);
  if (isSocket || lostStatuses.includes(code) || /Abort|Timeout/.test(name ?? "")) {
    return { kind: "unknown" };
  }
  return { kind: "refused", status: typeof code === "number" ? code : undefined };
}

/** In request units; what failed costs too. */
export function chargeOf(error: unknown): number {
  return chargeIn(causeOf(error).headers);
}

export function chargeIn(headers: Readonly<Record<string, unknown>> | undefined): number {
  return Number(headers?.["x-ms-request-charge"] ?? 0);
}

interface CosmosError {
  readonly code?: number | string;
  readonly name?: string;
  readonly retryAfterInMs?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

function causeOf(error: unknown): CosmosError {
  if (!(error instanceof Error)) return {};
  const { code } = error as CosmosError;
  if (code !== undefined) return error as CosmosError;
  return error.cause instanceof Error ? (error.cause as CosmosError) : (error as CosmosError);
}
