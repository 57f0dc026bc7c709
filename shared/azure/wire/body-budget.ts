/** How many bytes of bodies a process holds, while they come and until they are answered. */
export interface BodyBudget {
  readonly open: () => BodyShare;
}

/** What one request has of it. */
export interface BodyShare {
  /** Whether so many bytes more fit, which are then held. None do once it is closed. */
  readonly take: (bytes: number) => boolean;
  readonly close: () => void;
}

export function bodyBudget(bytesMax: number): BodyBudget {
  let held = 0;
  return {
    open: () => {
      let own = 0;
      let isClosed = false;
      return {
        take: (bytes) => {
          if (isClosed || held + bytes > bytesMax) return false;
          held += bytes;
          own += bytes;
          return true;
        },
        close: () => {
          held -= own;
          own = 0;
          isClosed = true;
        },
      };
    },
  };
}
