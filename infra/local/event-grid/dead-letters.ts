import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PublishedEvent } from "./event.ts";

const keptMax = 10_000;

/** An event that could not be delivered, and why. */
export interface DeadLetter {
  readonly subscription: string;
  readonly event: PublishedEvent;
  readonly reason: "MaxDeliveryAttemptsExceeded" | "TimeToLiveExceeded" | "NotRetried";
  readonly attempts: number;
  /** The status that the webhook answered last, or what went wrong with the network. */
  readonly lastOutcome: string;
  readonly at: string;
}

export interface DeadLetters {
  readonly add: (letter: DeadLetter) => Promise<void>;
  /** The newest ten thousand. */
  readonly list: () => readonly DeadLetter[];
  readonly clear: () => void;
}

/** Kept in memory, and one file each in `folder`, in the form that Azure gives them in storage. */
export function createDeadLetters(folder: string | undefined): DeadLetters {
  let letters: readonly DeadLetter[] = [];
  return {
    add: async (letter) => {
      letters = [...letters, letter].slice(-keptMax);
      if (folder !== undefined) await writeLetter(folder, letter);
    },
    list: () => letters,
    clear: () => {
      letters = [];
    },
  };
}

async function writeLetter(folder: string, letter: DeadLetter): Promise<void> {
  const { subscription, event, reason, attempts, lastOutcome, at } = letter;
  const place = join(folder, encodeURIComponent(subscription));
  await mkdir(place, { recursive: true });
  const body = {
    ...event.body,
    deadLetterReason: reason,
    deliveryAttempts: attempts,
    lastDeliveryOutcome: lastOutcome,
    lastDeliveryAttemptTime: at,
  };
  const name = `${at.replaceAll(":", "-")}-${encodeURIComponent(event.id).slice(0, 100)}.json`;
  await writeFile(join(place, name), JSON.stringify([body], undefined, 2));
}
