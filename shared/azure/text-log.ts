import type { Log } from "../effects/log.ts";

/**
 * One line of JSON an entry, which Application Insights takes from the host's output. Details are
 * keys and counts: no caller of the log passes a body, a token or a manifest.
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
  const line = JSON.stringify({ level, message, ...details }, withErrors);
  process.stderr.write(`${line}\n`);
}

/** An error is its stack and its causes; JSON alone would make it "{}". */
function withErrors(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { error: value.stack, ...(value.cause !== undefined && { cause: value.cause }) };
}
