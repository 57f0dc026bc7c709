/** Real kubectl programs against an API that is served over TLS. */
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { startWebServer } from "../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../infra/local/tls/local-authority.ts";
import { serveKube } from "../../shared/kube/serve-kube.ts";
import { type KubeFixture, kubeFixture } from "./kube-fixture.ts";

/** Every kubectl on this machine, "kubectl" and those of other versions beside it. */
export function findKubectls(): readonly string[] {
  const found = (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => join(folder, "kubectl"))
    .find((file) => existsSync(file));
  if (found === undefined) return [];
  const folder = dirname(realpathSync(found));
  const siblings = readdirSync(folder).filter((file) => /^kubectl\.1\.\d+$/.test(file));
  return [found, ...siblings.toSorted().map((file) => join(folder, file))];
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

export async function startKubectl(program: string): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-kubectl-"));
  const tls = await localAuthority(join(folder, "tls"));
  const clock = { now: () => new Date().toISOString() as never };
  const fixture = await kubeFixture({
    basePath,
    clock,
    ids: () => crypto.randomUUID(),
    caller: { name: "ann@contoso.com", groups: ["system:authenticated"] },
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
    run: async (...args) => await run(program, args, env),
    until: async (isEnough, ...args) => await until(program, args, { env, isEnough }),
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

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(program, args, { env, timeout: runMilliseconds }, (error, out, err) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, out, err });
    });
  });
}

async function until(
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
