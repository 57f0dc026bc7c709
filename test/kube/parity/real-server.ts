/**
 * A kube-apiserver with an etcd of its own, from the folder that KUBEBUILDER_ASSETS names: the
 * convention of the ecosystem for tests that need a real API server.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../infra/local/free-port.ts";
import { type LocalAuthority, localAuthority } from "../../../infra/local/tls/local-authority.ts";
import type { ParityServer, RawAnswer, RawRequest } from "./run-case.ts";

const readyMillisecondsMax = 120_000;
const stopMillisecondsMax = 10_000;
const answerMillisecondsMax = 65_000;

/** Whether the folder has what a server needs; a sentence says what is missing. */
export function missingAssets(folder: string | undefined): string | undefined {
  if (folder === undefined || folder === "") return "KUBEBUILDER_ASSETS is not set";
  const missing = ["etcd", "kube-apiserver"].filter((name) => !existsSync(join(folder, name)));
  return missing.length === 0 ? undefined : `${folder} has no ${missing.join(" and no ")}`;
}

/** Starts both programs on 127.0.0.1; throws when they do not become ready in time. */
export async function startRealServer(assets: string): Promise<ParityServer> {
  const missing = missingAssets(assets);
  if (missing !== undefined) throw new Error(`Cannot start a kube-apiserver: ${missing}`);
  const folder = await mkdtemp(join(tmpdir(), "parity-"));
  const started: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of started.toReversed()) await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const tls = await localAuthority(join(folder, "tls"));
    const token = randomUUID();
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
    const run = (name: string, flags: Flags): ChildProcess =>
      start(join(assets, name), flags, join(folder, `${name}.log`));
    started.push(run("etcd", etcdFlags(folder, etcdPort, peerPort)));
    const flags = await apiServerFlags({ folder, tls, token, port, etcdPort });
    const apiServer = run("kube-apiserver", flags);
    started.push(apiServer);
    const client: Client = { port, token, ca: await readFile(tls.caFile) };
    await untilReady(client, apiServer, join(folder, "kube-apiserver.log"));
    return { ask: (request) => askReal(client, request), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Flags = Readonly<Record<string, string>>;

function start(program: string, flags: Flags, logFile: string): ChildProcess {
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  child.on("error", (error) => log.write(String(error)));
  return child;
}

function etcdFlags(folder: string, port: number, peerPort: number): Flags {
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return {
    "data-dir": join(folder, "etcd"),
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `default=${peer}`,
    "unsafe-no-fsync": "true",
  };
}

interface ApiServerPlace {
  readonly folder: string;
  readonly tls: LocalAuthority;
  readonly token: string;
  readonly port: number;
  readonly etcdPort: number;
}

async function apiServerFlags({ folder, tls, token, port, etcdPort }: ApiServerPlace) {
  const tokens = join(folder, "tokens.csv");
  const signingKey = join(folder, "signing-key.pem");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(tokens, `${token},parity,parity,"system:masters"\n`, { mode: 0o600 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFile(signingKey, pem, { mode: 0o600 });
  return {
    "etcd-servers": `http://127.0.0.1:${etcdPort}`,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": String(port),
    "tls-cert-file": tls.certFile,
    "tls-private-key-file": tls.keyFile,
    "cert-dir": folder,
    "token-auth-file": tokens,
    "authorization-mode": "RBAC",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": signingKey,
    "service-account-signing-key-file": signingKey,
    "service-cluster-ip-range": "10.96.0.0/16",
    // Nobody makes service accounts here.
    "disable-admission-plugins": "ServiceAccount",
  };
}

interface Client {
  readonly port: number;
  readonly token: string;
  readonly ca: Buffer;
}

async function untilReady(client: Client, child: ChildProcess, logFile: string): Promise<void> {
  const until = Date.now() + readyMillisecondsMax;
  const readyz: RawRequest = { method: "GET", path: "/readyz", headers: {} };
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await askReal(client, readyz).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(200);
  }
  const log = await readFile(logFile, "utf8").catch(() => "");
  throw new Error(`Cannot start a kube-apiserver: it must become ready: ${log.slice(-2000)}`);
}

function askReal({ port, token, ca }: Client, asked: RawRequest): Promise<RawAnswer> {
  const { method, path, headers, body } = asked;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        ca,
        timeout: answerMillisecondsMax,
        headers: {
          authorization: `Bearer ${token}`,
          ...headers,
          ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const told = Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(", ") : (value ?? ""),
          ]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(told) as Record<string, string>,
            text: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`${method} ${path} takes too long`)));
    request.on("error", reject);
    request.end(body);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), stopMillisecondsMax);
  await ended;
  clearTimeout(killer);
}
