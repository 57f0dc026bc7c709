import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { startWebServer } from "../../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../../infra/local/tls/local-authority.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { kubeFixture } from "../kube-fixture.ts";

test("an informer of the official client follows through watches that end", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hubless-informer-"));
  const tls = await localAuthority(join(folder, "tls"));
  const fixture = await kubeFixture();
  const watches: string[] = [];
  const server = await startWebServer({
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
    serve: async (request) => {
      const url = new URL(request.url);
      if (url.searchParams.has("watch")) {
        watches.push(url.search);
        url.searchParams.set("timeoutSeconds", "1");
      }
      const short = request.method === "GET" ? new Request(url, request) : request;
      return await serveKube(short, fixture.api);
    },
  });
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: server.url, caFile: tls.caFile, skipTLSVerify: false },
    { name: "u", token: "t" },
  );
  const core = config.makeApiClient(CoreV1Api);
  const namespace = "shop";
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "first" } } });
  const seen: string[] = [];
  const see = (verb: string) => (object: V1ConfigMap) =>
    seen.push(`${verb} ${object.metadata?.name}`);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
  informer.on("add", see("add"));
  informer.on("update", see("update"));
  informer.on("delete", see("delete"));
  let isOver = false;
  informer.on("error", () => {
    setTimeout(() => {
      if (!isOver) void informer.start();
    }, 50);
  });
  try {
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
  } finally {
    isOver = true;
    await informer.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
