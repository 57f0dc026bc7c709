import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CoreV1Api,
  type Informer,
  KubeConfig,
  makeInformer,
  type ObjectCache,
  type V1ConfigMap,
} from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { startWebServer } from "../../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../../infra/local/tls/local-authority.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { type KubeFixture, kubeFixture } from "../kube-fixture.ts";

const namespace = "shop";
const path = `/api/v1/namespaces/${namespace}/configmaps`;

/** What happens to the requests of a client on their way. */
interface Way {
  isAway: boolean;
  readonly watches: string[];
  lists: number;
}

interface Followed extends Way {
  readonly fixture: KubeFixture;
  readonly core: CoreV1Api;
  readonly informer: Informer<V1ConfigMap> & ObjectCache<V1ConfigMap>;
  /** "add first" */
  readonly seen: readonly string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** The official client's informer, whose watches end after a second. */
async function follow(): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-informer-"));
  const tls = await localAuthority(join(folder, "tls"));
  const fixture = await kubeFixture();
  const way: Way = { isAway: false, watches: [], lists: 0 };
  const server = await startWebServer({
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
    serve: async (request) => await serveOn(way, request, fixture),
  });
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: server.url, caFile: tls.caFile, skipTLSVerify: false },
    { name: "u", token: "t" },
  );
  const core = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
  const seen: string[] = [];
  for (const verb of ["add", "update", "delete"] as const) {
    informer.on(verb, (object) => void seen.push(`${verb} ${object.metadata?.name}`));
  }
  let isOver = false;
  informer.on("error", () => {
    setTimeout(() => {
      if (!isOver) void informer.start().catch(() => {});
    }, 50);
  });
  return Object.assign(way, {
    fixture,
    core,
    informer,
    seen,
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      await informer.stop();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

async function serveOn(way: Way, request: Request, { api }: KubeFixture): Promise<Response> {
  if (way.isAway) return new Response("away", { status: 503 });
  if (request.method !== "GET") return await serveKube(request, api);
  const url = new URL(request.url);
  if (url.searchParams.has("watch")) {
    way.watches.push(url.search);
    url.searchParams.set("timeoutSeconds", "1");
  } else way.lists += 1;
  return await serveKube(new Request(url, request), api);
}

test("an informer of the official client follows through watches that end", async () => {
  await using followed = await follow();
  const { core, informer, seen, watches } = followed;
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "first" } } });
  await informer.start();
  await expect.poll(() => seen).toEqual(["add first"]);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "second" } } });
  await expect.poll(() => seen).toContain("add second");
  await expect.poll(() => watches.length, { timeout: 10_000 }).toBeGreaterThan(2);
  await core.replaceNamespacedConfigMap({
    namespace,
    name: "first",
    body: { metadata: { name: "first" }, data: { a: "1" } },
  });
  await core.deleteNamespacedConfigMap({ namespace, name: "second" });
  await expect.poll(() => seen, { timeout: 5_000 }).toContain("delete second");
  await expect.poll(() => informer.get("first", namespace)?.data).toEqual({ a: "1" });
  expect(followed.lists).toBe(1);
});

test("an informer that was away for too long is told so, lists again and misses nothing", async () => {
  await using followed = await follow();
  const { core, informer, seen, fixture } = followed;
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "first" } } });
  await informer.start();
  await expect.poll(() => seen).toEqual(["add first"]);
  followed.isAway = true;
  await delay(1_500);
  const before = followed.watches.length;
  // Long enough for the log to forget what was deleted.
  await fixture.ask("DELETE", `${path}/first`);
  fixture.pass(10 * 86_400);
  await fixture.ask("POST", path, { metadata: { name: "second" } });
  fixture.pass(10 * 86_400);
  followed.isAway = false;
  await expect
    .poll(() => informer.list().map(({ metadata }) => metadata?.name), {
      timeout: 10_000,
    })
    .toEqual(["second"]);
  expect(seen).toContain("delete first");
  expect(followed.lists).toBeGreaterThan(1);
  const [resumed] = followed.watches.slice(before);
  const since = Number(new URLSearchParams(resumed).get("resourceVersion"));
  const { horizon } = await fixture.api.store.head(fixture.api.fleet);
  expect(since).toBeGreaterThan(0);
  expect(since).toBeLessThan(horizon);
});
