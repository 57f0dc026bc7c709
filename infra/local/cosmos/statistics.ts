import { rounded } from "./request-units.ts";
import type { RequestKind } from "./wire.ts";

/** What the endpoint has served since its start or the last reset. */
export interface Statistics {
  readonly requests: number;
  readonly requestUnits: number;
  /** Answers with 429, for whatever reason. */
  readonly throttled: number;
  /** Connections cut by a fault, before or after the commit. */
  readonly dropped: number;
  /** Items deleted because their time to live was over. */
  readonly expired: number;
  readonly byKind: Readonly<Partial<Record<RequestKind, KindStatistics>>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface KindStatistics {
  readonly requests: number;
  readonly requestUnits: number;
}

export interface StatisticsKeeper {
  /** @param status undefined when no answer was sent. */
  count(kind: RequestKind, status: number | undefined, requestUnits: number): void;
  countExpired(items: number): void;
  read(): Statistics;
  reset(): void;
}

export function createStatistics(): StatisticsKeeper {
  const kinds = new Map<RequestKind, { requests: number; requestUnits: number }>();
  const statuses = new Map<string, number>();
  let dropped = 0;
  let expired = 0;

  return {
    count(kind, status, requestUnits) {
      const sum = kinds.get(kind) ?? { requests: 0, requestUnits: 0 };
      sum.requests += 1;
      sum.requestUnits += requestUnits;
      kinds.set(kind, sum);
      if (status === undefined) dropped += 1;
      else statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
    },
    countExpired(items) {
      expired += items;
    },
    read() {
      const sums = [...kinds].map(
        ([kind, each]) =>
          [kind, { requests: each.requests, requestUnits: rounded(each.requestUnits) }] as const,
      );
      return {
        requests: sums.reduce((sum, [, each]) => sum + each.requests, 0),
        requestUnits: rounded(sums.reduce((sum, [, each]) => sum + each.requestUnits, 0)),
        throttled: statuses.get("429") ?? 0,
        dropped,
        expired,
        byKind: Object.fromEntries(sums),
        byStatus: Object.fromEntries(statuses),
      };
    },
    reset() {
      kinds.clear();
      statuses.clear();
      dropped = 0;
      expired = 0;
    },
  };
}
