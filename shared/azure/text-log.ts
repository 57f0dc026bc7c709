import type { Log } from "../effects/log.ts";
import { redacted, redactingReplacer } from "./redacted.ts";

/**
 * One line of JSON an entry, which Application Insights takes from the host's output. Details are
 * keys and counts: no caller of the log passes a body, a token or a manifest, and what looks like
 * one is left out.
 */
export const textLog: Log = {
  info: (message, details) => {
    if (process.env["LOG_LEVEL"] === "info") write("info", message, details);
  },
  warn: (message, details) => write("warning", message, details),
  error: (message, details) => write("error", message, details),
};

function write(
  level: string,
  message: string,
  details: Readonly<Record<string, unknown>> | undefined,
): void {
  const line = JSON.stringify({ level, message, ...details }, redactingReplacer);
  process.stderr.write(`${redacted(line)}\n`);
}
