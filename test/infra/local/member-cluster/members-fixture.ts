/** Simulated member clusters over TLS, with a client that asks them as kubectl would. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type MemberClusters,
  type MemberClustersOptions,
  startMemberClusters,
} from "../../../../infra/local/member-cluster/start-member-clusters.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";
import { at } from "../../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

export interface MemberAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Members extends AsyncDisposable {
  readonly clusters: MemberClusters;
  /** As the bearer of "good", or of another token. */
  readonly ask: (
    method: string,
    path: string,
    body?: Json,
    how?: { readonly type?: string; readonly token?: string; readonly cluster?: string },
  ) => Promise<MemberAnswer>;
  /** Asks until the value at the path is what is wanted, for two seconds. */
  readonly becomes: (path: string, at: readonly string[], want: Json | undefined) => Promise<void>;
  /** Frontends that are there: "cluster uid namespace/name 80". */
  readonly frontends: Set<string>;
}

export const member = "/subscriptions/s/resourceGroups/rg/providers/x/managedClusters/aks-1";

export async function startMembers(more: Partial<MemberClustersOptions> = {}): Promise<Members> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-members-"));
  const tls = await localAuthority(join(folder, "tls"));
  const ca = await readFile(tls.caFile, "utf8");
  const frontends = new Set<string>();
  const clusters = await startMemberClusters({
    tls,
    verify: async (token) => (token === "good" ? "ann" : undefined),
    customKinds: [],
    balancer: {
      ensureFrontend: ({ serviceName, serviceUid, ports }) => {
        frontends.add(`${serviceUid} ${serviceName} ${ports.map(({ port }) => port).join()}`);
        return "203.0.113.7";
      },
      removeFrontend: ({ serviceUid }) => {
        for (const each of frontends) if (each.startsWith(serviceUid)) frontends.delete(each);
        return undefined;
      },
    },
    // Azure's minute is 30 milliseconds here.
    speed: () => 2_000,
    version: () => "1.34.1",
    ...more,
  });
  const ask: Members["ask"] = async (method, path, body, how = {}) => {
    const url = `${clusters.urlOf(how.cluster ?? member)}${path}`;
    const text = body === undefined ? "" : JSON.stringify(body);
    const type = how.type ?? "application/json";
    return await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${how.token ?? "good"}`,
        ...(text !== "" && { "content-type": type, "content-length": Buffer.byteLength(text) }),
      };
      const sent = request(url, { method, ca, headers }, (response) => {
        let answer = "";
        response.on("data", (chunk) => {
          answer += String(chunk);
        });
        response.on("end", () => {
          const isJson = answer.startsWith("{");
          const json = isJson ? (JSON.parse(answer) as JsonObject) : { text: answer };
          resolve({ status: response.statusCode ?? 0, body: json });
        });
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(text);
    });
  };
  return {
    clusters,
    ask,
    frontends,
    becomes: async (path, names, want) => {
      const until = Date.now() + 2_000;
      for (;;) {
        const { body } = await ask("GET", path);
        const found = at(body, ...names);
        if (JSON.stringify(found) === JSON.stringify(want)) return;
        if (Date.now() > until) {
          const where = `${path} ${names.join(".")}`;
          throw new Error(`${where} is ${JSON.stringify(found)}, not ${JSON.stringify(want)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await clusters.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
