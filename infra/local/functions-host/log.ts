import { inspect } from "node:util";
import type { LogCategory, LogLevel } from "./functions-core.ts";

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  /** `user` is what a function logs itself; the host's own words, the default, are `system`. */
  readonly category?: LogCategory;
  readonly functionName?: string;
}

export type Log = (entry: LogEntry) => void;

const levels: readonly LogLevel[] = [
  "trace",
  "debug",
  "information",
  "warning",
  "error",
  "critical",
  "none",
];

/** Throws a RangeError when the text names no level. */
export function parseLogLevel(text: string): LogLevel {
  const level = levels.find((each) => each === text.toLowerCase());
  if (level === undefined) {
    throw new RangeError(`Cannot use log level "${text}": must be one of ${levels.join(", ")}`);
  }
  return level;
}

/** A log that never keeps a full disk busy: it stops after this many bytes and says so. */
const logBytesMax = 256 * 1024 * 1024;

/**
 * Writes an entry as text, one line unless the message has more, and leaves out what is below
 * `levelMin`:
 *
 *     2026-11-21T02:33:00.123Z error on-wake: Cannot read member "east": ...
 */
export function textLog(levelMin: LogLevel, write: (text: string) => void): Log {
  const rankMin = levels.indexOf(levelMin);
  let bytesLeft = logBytesMax;
  return ({ level, message, functionName }) => {
    if (levels.indexOf(level) < rankMin || bytesLeft <= 0) return;
    const source = functionName === undefined ? "host" : functionName;
    const text = `${new Date().toISOString()} ${level} ${source}: ${message}\n`;
    bytesLeft -= Buffer.byteLength(text);
    write(bytesLeft > 0 ? text : `Log ends: it has reached ${logBytesMax} bytes\n`);
  };
}

/** What to print of something thrown: its stack and its causes. */
export function errorText(error: unknown): string {
  return typeof error === "string" ? error : inspect(error);
}

/** The same as one line: the message, and after it that of each cause. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return errorText(error);
  const { message, cause } = error;
  // A refused connection has no message of its own, only a code.
  const text = message || ("code" in error ? String(error.code) : error.name);
  return cause === undefined ? text : `${text}: ${errorLine(cause)}`;
}
