/** A trigger that looks for its own work, once the host is up. */
export interface TriggerRunner {
  start(): void;
  /** Takes no more work and resolves when what it had begun is over. */
  stop(): Promise<void>;
}
