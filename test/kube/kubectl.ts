/** Real kubectl programs against an API that is served over TLS. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { startWebServer } from "../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../infra/local/tls/local-authority.ts";
import type { KubeApi } from "../../shared/kube/kube-api.ts";
import { serveKube } from "../../shared/kube/serve-kube.ts";
import { type KubeFixture, kubeFixture } from "./kube-fixture.ts";

/**
 * Every kubectl on this machine: that of the PATH first, then those of other versions beside it
 * ("kubectl.1.28") and the one in each folder that HUBLESS_KUBECTLS (separated as PATH is) and
 * KUBEBUILDER_ASSETS name.
 */
export function findKubectls(): readonly string[] {
  const found = foldersOf("PATH").map(inFolder).find(existsSync);
  const folder = found === undefined ? undefined : dirname(realpathSync(found));
  const beside = folder === undefined ? [] : versionsIn(folder);
  const named = [...foldersOf("HUBLESS_KUBECTLS"), ...foldersOf("KUBEBUILDER_ASSETS")];
  const others = named.flatMap((each) => [inFolder(each), ...versionsIn(each)]).filter(existsSync);
  return [...(found === undefined ? [] : [found]), ...beside, ...others];
}

const foldersOf = (variable: string): readonly string[] =>
  (process.env[variable] ?? "").split(":").filter((folder) => folder !== "");

const inFolder = (folder: string): string => join(folder, "kubectl");

function versionsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^kubectl\.1\.\d+$/.test(name));
  return names.toSorted().map((name) => join(folder, name));
}

/** A kubectl and the minor version that it says it has: 28 for "v1.28.15-dispatcher". */
export interface KubectlProgram {
  readonly program: string;
  readonly minor: number;
}

/** One kubectl of each version that this machine has, oldest first. */
export function kubectlVersions(): readonly KubectlProgram[] {
  const byMinor = new Map<number, string>();
  for (const program of findKubectls()) {
    const text = execFileSync(program, ["version", "--client", "-o", "json"], { encoding: "utf8" });
    const [, minor] = /"gitVersion": "v1\.(\d+)/.exec(text) ?? [];
    if (minor !== undefined && !byMinor.has(Number(minor))) byMinor.set(Number(minor), program);
  }
  const sorted = [...byMinor].toSorted(([one], [other]) => one - other);
  return sorted.map(([minor, program]) => ({ program, minor }));
}

/** Said by tests that are skipped. */
export const noKubectl = "no kubectl is installed";

export interface Ran {
  readonly code: number;
  readonly out: string;
  /** What it printed to standard error. */
  readonly err: string;
}

export interface Kubectl {
  readonly fixture: KubeFixture;
  /** "GET /api/v1/pods?limit=500 200", in order. */
  readonly requests: string[];
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Runs it until what it prints satisfies the test, for at most ten seconds. */
  readonly until: (
    isEnough: (out: string) => boolean,
    ...args: readonly string[]
  ) => Promise<string>;
  /** A file that `-f` can name. */
  readonly file: (name: string, content: object | string) => Promise<string>;
  readonly close: () => Promise<void>;
}

const basePath = "/subscriptions/s/resourceGroups/RG/fleets/f/hub";
const runMilliseconds = 30_000;

/** `overrides` are of the API that it asks: its kinds, say. */
export async function startKubectl(
  program: string,
  overrides: Partial<KubeApi> = {},
): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-kubectl-"));
  const tls = await localAuthority(join(folder, "tls"));
  const clock = { now: () => new Date().toISOString() as never };
  const fixture = await kubeFixture({
    basePath,
    clock,
    ids: () => crypto.randomUUID(),
    caller: { name: "ann@contoso.com", groups: ["system:authenticated"] },
    ...overrides,
  });
  const requests: string[] = [];
  const server = await startWebServer({
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
    serve: async (request) => {
      const response = await serveKube(request, fixture.api);
      const { pathname, search } = new URL(request.url);
      requests.push(
        `${request.method} ${pathname.slice(basePath.length)}${search} ${response.status}`,
      );
      return response;
    },
  });
  const kubeconfig = join(folder, "kubeconfig.json");
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "c",
          cluster: { server: `${server.url}${basePath}`, "certificate-authority": tls.caFile },
        },
      ],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u", namespace: "shop" } }],
      "current-context": "c",
    }),
  );
  const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: kubeconfig };
  return {
    fixture,
    requests,
    run: async (...args) => await runKubectl(program, args, env),
    until: async (isEnough, ...args) => await untilKubectl(program, args, { env, isEnough }),
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a kubectl to its end, for at most half a minute. */
export async function runKubectl(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(program, args, { env, timeout: runMilliseconds }, (error, out, err) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, out, err });
    });
  });
}

/** Runs a kubectl until what it prints satisfies the test, for at most ten seconds. */
export async function untilKubectl(
  program: string,
  args: readonly string[],
  how: { readonly env: NodeJS.ProcessEnv; readonly isEnough: (out: string) => boolean },
): Promise<string> {
  const child = spawn(program, args, { env: how.env });
  let out = "";
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it printed only: ${out}`)), 10_000);
      const see = (chunk: Buffer): void => {
        out += chunk.toString();
        if (!how.isEnough(out)) return;
        clearTimeout(timer);
        resolve(out);
      };
      child.stdout.on("data", see);
      child.stderr.on("data", see);
    });
  } finally {
    child.kill();
  }
}

/** "kubectl.1.28" */
export function programName(program: string): string {
  return basename(program);
}
