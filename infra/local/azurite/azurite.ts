/** Storage queues on a laptop: Azurite, the real emulator, as a child process over TLS. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";

export interface AzuriteOptions {
  readonly tls: LocalAuthority;
  /** Messages survive a restart here. */
  readonly folder: string;
  readonly logFile: string;
}

export interface Azurite {
  readonly url: string;
  readonly connectionString: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Azurite's one account; its key is published with Azurite and guards nothing. */
const account = "devstoreaccount1";
const accountKey =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const secondsToListenMax = 60;

export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  await mkdir(options.folder, { recursive: true });
  const port = await freePort();
  const child = spawnQueueService(options, port);
  const endWithUs = () => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  await listening(child, port);
  const url = `https://127.0.0.1:${port}/${account}`;
  return {
    url,
    connectionString:
      `DefaultEndpointsProtocol=https;AccountName=${account};` +
      `AccountKey=${accountKey};QueueEndpoint=${url};`,
    pid: child.pid ?? 0,
    close: async () => {
      process.off("exit", endWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const timeout = setTimeout(() => child.kill("SIGKILL"), 1_000);
      await exited;
      clearTimeout(timeout);
    },
  };
}

function spawnQueueService({ tls, folder, logFile }: AzuriteOptions, port: number): ChildProcess {
  const program = createRequire(import.meta.url).resolve("azurite/dist/src/queue/main.js");
  const log = openSync(logFile, "a");
  try {
    const flags = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];
    const listen = ["--queueHost", "127.0.0.1", "--queuePort", String(port)];
    const certificate = ["--cert", tls.certFile, "--key", tls.keyFile];
    return spawn(
      process.execPath,
      [program, ...flags, ...listen, ...certificate, "--location", folder],
      { stdio: ["ignore", log, log] },
    );
  } finally {
    closeSync(log);
  }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + secondsToListenMax * 1000;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error("Cannot start Azurite: it ended, see its log");
    if (performance.now() > deadline) throw new Error("Cannot start Azurite: it does not listen");
    await delay(50);
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
