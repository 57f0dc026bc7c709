/** Real kubectl programs against a hub that asks who they are. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWebServer } from "../../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../../infra/local/tls/local-authority.ts";
import type { Caller } from "../../../shared/effects/callers.ts";
import { type Ran, runKubectl } from "../../kube/kubectl.ts";
import type { Hub } from "./hub-as.ts";
import { hubOverMemory } from "./hub-as.ts";

export interface KubectlAs {
  readonly hub: Hub;
  /** `as("ann", "auth", "whoami")` */
  readonly as: (who: string, ...args: readonly string[]) => Promise<Ran>;
  /** A file that `-f` can name. */
  readonly file: (name: string, content: object) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Each caller's token is its name. */
export async function startKubectlAs(
  program: string,
  callers: Readonly<Record<string, Caller>>,
): Promise<KubectlAs> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-kubectl-as-"));
  const tls = await localAuthority(join(folder, "tls"));
  const clock = { now: () => new Date().toISOString() as never };
  const hub = await hubOverMemory({ clock, ids: () => crypto.randomUUID() });
  const server = await startWebServer({
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
    serve: async (request) => {
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      const caller = callers[token];
      if (caller === undefined) return new Response("", { status: 401 });
      return await hub.send(caller, request);
    },
  });
  const kubeconfig = join(folder, "kubeconfig.json");
  const names = Object.keys(callers);
  const cluster = { server: server.url, "certificate-authority": tls.caFile };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster }],
      users: names.map((name) => ({ name, user: { token: name } })),
      contexts: names.map((name) => ({
        name,
        context: { cluster: "c", user: name, namespace: "shop" },
      })),
    }),
  );
  const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: kubeconfig };
  return {
    hub,
    as: async (who, ...args) => await runKubectl(program, [`--context=${who}`, ...args], env),
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, JSON.stringify(content));
      return path;
    },
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
