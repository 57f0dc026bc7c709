import { setTimeout as sleep } from "node:timers/promises";

/** Waits; resolves early, to false, when the signal is or becomes aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
