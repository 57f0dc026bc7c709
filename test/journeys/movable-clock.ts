/**
 * Lets time pass for the product: the Functions host preloads this file, and then reads a clock
 * that a test can move forward. Its timers are those of the machine; what it decides by the time of
 * day follows the moved clock.
 */
import { readFileSync, writeFileSync } from "node:fs";

export interface MovableClock {
  /** The settings of a Functions host that goes by this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Returns once the host has surely read it. */
  readonly forward: (seconds: number) => Promise<void>;
}

const fileSetting = "JOURNEY_CLOCK_FILE";
const readMilliseconds = 50;

/** `file` holds by how many seconds the clock was moved. */
export function movableClock(file: string): MovableClock {
  let moved = 0;
  const save = () => writeFileSync(file, String(moved));
  save();
  return {
    environment: { [fileSetting]: file, NODE_OPTIONS: `--import ${import.meta.url}` },
    forward: async (seconds) => {
      moved += seconds;
      save();
      await new Promise((resolve) => setTimeout(resolve, 3 * readMilliseconds));
    },
  };
}

function follow(file: string): void {
  const RealDate = Date;
  let moved = 0;
  const read = () => {
    const seconds = Number(readFileSync(file, "utf8"));
    if (Number.isFinite(seconds)) moved = Math.max(moved, seconds * 1_000);
  };
  read();
  setInterval(read, readMilliseconds).unref();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values) =>
      values.length === 0 ? new target(target.now() + moved) : Reflect.construct(target, values),
    get: (target, name, receiver) =>
      name === "now" ? () => target.now() + moved : Reflect.get(target, name, receiver),
  });
}

const file = process.env[fileSetting];
if (file !== undefined) follow(file);
