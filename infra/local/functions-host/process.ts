import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChildReport } from "./child-report.ts";
import { type HostKeys, keysFileName, readKeys } from "./keys.ts";

export interface FunctionsHostOptions {
  /** The folder of host.json; the registrations are `functions/*.ts` below it. */
  readonly appFolder: string;
  /** Another glob for the registrations: `dist/functions.mjs` for a build. */
  readonly entry?: string;
  /** On 127.0.0.1; a free one when left out. */
  readonly port?: number;
  /** PEM files; plain HTTP when left out. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** A PEM file of whom the child trusts besides the usual authorities. */
  readonly caFile?: string;
  /** Where keys and timer statuses outlive a restart. */
  readonly stateFolder: string;
  /** App settings, added to this process's environment; other FUNCTIONS_HOST_* settings too. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes the log and all output; without one the child writes to this process's stderr. */
  readonly logFile?: string;
  /** How long a start may take; default 60. */
  readonly readySecondsMax?: number;
}

export interface FunctionsHostProcess {
  /** Without a slash at the end: `https://127.0.0.1:7071`. */
  readonly url: string;
  readonly pid: number;
  /** What the child said when it was ready, and how long that took. */
  readonly ready: { readonly functions: readonly string[]; readonly milliseconds: number };
  /** The app's access keys, the same after a restart with the same state folder. */
  readonly keys: HostKeys;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Ends it at once, as a crash would; nothing is cleaned up. */
  kill(): Promise<void>;
  /** Lets it finish what it does, and kills it when that takes more than 15 seconds. */
  stop(): Promise<void>;
}

const stopMillisecondsMax = 15_000;
const readySecondsDefault = 60;

/**
 * Starts the Functions host in a process of its own and resolves when it serves. Rejects, with the
 * process gone, when it fails to start or is not ready in time.
 *
 *     const host = await startFunctionsHostProcess({ appFolder: ".", stateFolder: ".local/host" });
 *     await host.kill();                              // a crash
 *     const again = await startFunctionsHostProcess({ ..., port: Number(new URL(host.url).port) });
 */
export async function startFunctionsHostProcess(
  options: FunctionsHostOptions,
): Promise<FunctionsHostProcess> {
  const startedAt = performance.now();
  const child = spawnChild(options);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolveExit) => {
    child.once("exit", (code, signal) => resolveExit({ code, signal }));
    child.once("error", () => resolveExit({ code: null, signal: null }));
  });
  const endWithUs = () => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  void exited.then(() => process.off("exit", endWithUs));

  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const stop = async () => {
    if (child.connected) child.disconnect();
    const timeout = setTimeout(() => child.kill("SIGKILL"), stopMillisecondsMax);
    await exited;
    clearTimeout(timeout);
  };
  try {
    const report = await reportOf(child, exited, options.readySecondsMax ?? readySecondsDefault);
    return {
      url: report.url,
      pid: report.pid,
      ready: { functions: report.functions, milliseconds: performance.now() - startedAt },
      keys: (await readKeys(join(options.stateFolder, keysFileName))) as HostKeys,
      exited,
      kill,
      stop,
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

function spawnChild(options: FunctionsHostOptions): ChildProcess {
  const { logFile } = options;
  if (logFile !== undefined) mkdirSync(dirname(logFile), { recursive: true });
  const output = logFile === undefined ? process.stderr : openSync(logFile, "a");
  try {
    return spawn(process.execPath, [fileURLToPath(new URL("child.ts", import.meta.url))], {
      cwd: options.appFolder,
      env: { ...process.env, ...options.environment, ...hostEnvironment(options) },
      stdio: ["ignore", output, output, "ipc"],
    });
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}

function hostEnvironment(options: FunctionsHostOptions): Record<string, string> {
  const { tls, caFile, entry } = options;
  return {
    FUNCTIONS_HOST_APP: resolve(options.appFolder),
    FUNCTIONS_HOST_STATE: resolve(options.stateFolder),
    FUNCTIONS_HOST_PORT: String(options.port ?? 0),
    ...(entry === undefined ? {} : { FUNCTIONS_HOST_ENTRY: entry }),
    ...(tls === undefined
      ? {}
      : { FUNCTIONS_HOST_TLS_CERT: tls.certFile, FUNCTIONS_HOST_TLS_KEY: tls.keyFile }),
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  };
}

type ReadyReport = Extract<ChildReport, { readonly kind: "ready" }>;

async function reportOf(
  child: ChildProcess,
  exited: FunctionsHostProcess["exited"],
  secondsMax: number,
): Promise<ReadyReport> {
  const overdue = new AbortController();
  const timeout = setTimeout(() => overdue.abort(), secondsMax * 1000);
  try {
    const [report] = (await Promise.race([
      once(child, "message", { signal: overdue.signal }),
      exited.then(({ code, signal }) => {
        throw new Error(`Cannot start the Functions host: it ended with ${code ?? signal}`);
      }),
    ])) as [ChildReport];
    if (report.kind === "ready") return report;
    throw new Error(`Cannot start the Functions host: ${report.message}`);
  } catch (error) {
    if (!overdue.signal.aborted) throw error;
    throw new Error(`Cannot start the Functions host: it must be ready in ${secondsMax} s`, {
      cause: error,
    });
  } finally {
    clearTimeout(timeout);
  }
}
