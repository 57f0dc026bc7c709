/**
 * The Functions host as a process of its own, so that it can be killed like one. It takes its
 * settings from the environment (`settings.ts` lists them) and says when it is ready: as a message
 * to a parent that opened a channel, or as one line of JSON on stdout.
 *
 *     FUNCTIONS_HOST_PORT=7071 node infra/local/functions-host/child.ts
 *     {"kind":"ready","url":"http://127.0.0.1:7071","pid":4242,"functions":["on-wake"]}
 *
 * It stops in good order on SIGTERM and SIGINT, and when its parent is gone: when the channel
 * closes, or the pipe that is its stdin ends.
 */
import { fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { ChildReport } from "./child-report.ts";
import { startHost } from "./host.ts";
import { errorLine, errorText, textLog } from "./log.ts";
import { readHostSettings } from "./settings.ts";

const stderr = 2;

function report(message: ChildReport): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
}

function openLog(logFile: string | undefined): number {
  if (logFile === undefined) return stderr;
  mkdirSync(dirname(logFile), { recursive: true });
  return openSync(logFile, "a");
}

function onParentGone(stop: () => void): void {
  if (process.send !== undefined) {
    process.once("disconnect", stop);
    return;
  }
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.once("end", stop).once("close", stop).resume();
}

async function main(): Promise<void> {
  const settings = readHostSettings(process.env);
  const logDescriptor = openLog(settings.logFile);
  const log = textLog(settings.logLevelMin, (text) => void writeSync(logDescriptor, text));
  process.on("uncaughtExceptionMonitor", (error, origin) => {
    log({ level: "critical", message: `${origin}: ${errorText(error)}` });
  });
  const host = await startHost(settings, process.env, log);

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log({ level: "error", message: `Cannot stop in good order: ${errorText(error)}` });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  onParentGone(stop);
  report({ kind: "ready", url: host.url, pid: process.pid, functions: host.functions });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`Cannot start the Functions host: ${errorText(error)}\n`);
  report({ kind: "failed", message: errorLine(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
