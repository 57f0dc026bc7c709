/** What goes back, before it is a `Response`. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON; nothing when left out. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (status: number, body: unknown): Answer => ({ status, body });
