/** How many bytes of bodies a process holds, while they come and until they are answered. */
export interface BodyBudget {
  /** For a request of this caller. */
  readonly open: (caller: string) => BodyShare;
}

/** What one request has of it. */
export interface BodyShare {
  /** Whether so many bytes more fit, which are then held. None do once it is closed. */
  readonly take: (bytes: number) => boolean;
  readonly close: () => void;
}

export interface BodyLimits {
  readonly bytesMax: number;
  /** Less than all: who has many bodies under way leaves room for others. */
  readonly bytesPerCallerMax: number;
}

export function bodyBudget({ bytesMax, bytesPerCallerMax }: BodyLimits): BodyBudget {
  let held = 0;
  const ofCallers = new Map<string, number>();
  const add = (caller: string, bytes: number): void => {
    held += bytes;
    const ofCaller = (ofCallers.get(caller) ?? 0) + bytes;
    if (ofCaller > 0) ofCallers.set(caller, ofCaller);
    else ofCallers.delete(caller);
  };
  return {
    open: (caller) => {
      let own = 0;
      let isClosed = false;
      return {
        take: (bytes) => {
          const ofCaller = ofCallers.get(caller) ?? 0;
          const fits = held + bytes <= bytesMax && ofCaller + bytes <= bytesPerCallerMax;
          if (isClosed || !fits) return false;
          add(caller, bytes);
          own += bytes;
          return true;
        },
        close: () => {
          add(caller, -own);
          own = 0;
          isClosed = true;
        },
      };
    },
  };
}
