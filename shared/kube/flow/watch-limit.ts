/** Counts the watches that are open, of one process. */
export interface WatchLimit {
  /** How to end what was opened; undefined when the caller, or the process, has too many. */
  readonly open: (caller: string) => (() => void) | undefined;
  readonly state: () => { readonly open: number; readonly callers: number };
}

export interface WatchLimits {
  readonly openMax: number;
  readonly openPerCallerMax: number;
}

export function watchLimit({ openMax, openPerCallerMax }: WatchLimits): WatchLimit {
  const byCaller = new Map<string, number>();
  let all = 0;
  const count = (caller: string, by: 1 | -1) => {
    all += by;
    const left = (byCaller.get(caller) ?? 0) + by;
    if (left === 0) byCaller.delete(caller);
    else byCaller.set(caller, left);
  };
  return {
    open: (caller) => {
      if (all >= openMax || (byCaller.get(caller) ?? 0) >= openPerCallerMax) return undefined;
      count(caller, 1);
      let isOpen = true;
      return () => {
        if (isOpen) count(caller, -1);
        isOpen = false;
      };
    },
    state: () => ({ open: all, callers: byCaller.size }),
  };
}
