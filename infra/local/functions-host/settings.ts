import { resolve } from "node:path";
import type { AppSettings } from "./binding-settings.ts";
import type { LogLevel } from "./functions-core.ts";
import { parseLogLevel } from "./log.ts";

/** How a host runs, apart from what the app itself says. */
export interface HostSettings {
  /** The folder of host.json and package.json. */
  readonly appFolder: string;
  /** The files that register functions, below the app folder. */
  readonly entry: string;
  /** On 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
  /** PEM files; without them the host speaks plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Where keys and timer statuses are kept. */
  readonly stateFolder: string;
  /** Without one, the log goes to stderr. */
  readonly logFile: string | undefined;
  readonly logLevelMin: LogLevel;
  readonly bodyBytesMax: number;
  readonly queueLeaseSeconds: number;
  readonly drainSeconds: number;
}

/** The runtime's own limit for a request's body. */
const bodyBytesDefault = 100 * 1024 * 1024;

/** The runtime's own lease of a queue message. */
const queueLeaseSecondsDefault = 600;

/**
 * Reads a host's settings from the environment:
 *
 *     FUNCTIONS_HOST_APP                   the app's folder; default: the working directory
 *     FUNCTIONS_HOST_ENTRY                 default functions/*.ts; dist/functions.mjs for a build
 *     FUNCTIONS_HOST_PORT                  default 7071
 *     FUNCTIONS_HOST_TLS_CERT, _TLS_KEY    files, both or none
 *     FUNCTIONS_HOST_STATE                 default .local/functions-host in the app's folder
 *     FUNCTIONS_HOST_LOG_FILE, _LOG_LEVEL  default: stderr, warning
 *     FUNCTIONS_HOST_BODY_BYTES_MAX        default 100 MiB
 *     FUNCTIONS_HOST_QUEUE_LEASE_SECONDS   default 600
 *     FUNCTIONS_HOST_DRAIN_SECONDS         how long a stop waits for what runs; default 5
 *
 * Throws a RangeError that names the setting at fault.
 */
export function readHostSettings(env: AppSettings): HostSettings {
  const appFolder = resolve(env["FUNCTIONS_HOST_APP"] ?? ".");
  return {
    appFolder,
    entry: env["FUNCTIONS_HOST_ENTRY"] ?? "functions/*.ts",
    port: number(env, "FUNCTIONS_HOST_PORT", { fallback: 7071, min: 0, max: 65_535 }),
    tls: tlsOf(env),
    stateFolder: resolve(appFolder, env["FUNCTIONS_HOST_STATE"] ?? ".local/functions-host"),
    logFile: env["FUNCTIONS_HOST_LOG_FILE"],
    logLevelMin: parseLogLevel(env["FUNCTIONS_HOST_LOG_LEVEL"] ?? "warning"),
    bodyBytesMax: number(env, "FUNCTIONS_HOST_BODY_BYTES_MAX", {
      fallback: bodyBytesDefault,
      min: 1,
      max: bodyBytesDefault,
    }),
    queueLeaseSeconds: number(env, "FUNCTIONS_HOST_QUEUE_LEASE_SECONDS", {
      fallback: queueLeaseSecondsDefault,
      min: 1,
      max: queueLeaseSecondsDefault,
    }),
    drainSeconds: number(env, "FUNCTIONS_HOST_DRAIN_SECONDS", { fallback: 5, min: 0, max: 600 }),
  };
}

function tlsOf(env: AppSettings): HostSettings["tls"] {
  const certFile = env["FUNCTIONS_HOST_TLS_CERT"];
  const keyFile = env["FUNCTIONS_HOST_TLS_KEY"];
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === keyFile) return undefined;
  throw new RangeError(
    "Cannot serve TLS: FUNCTIONS_HOST_TLS_CERT and FUNCTIONS_HOST_TLS_KEY must both be set",
  );
}

function number(
  env: AppSettings,
  name: string,
  { fallback, min, max }: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const text = env[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`Cannot use ${name} "${text}": must be an integer from ${min} to ${max}`);
}
