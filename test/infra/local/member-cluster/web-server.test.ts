import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startWebServer } from "../../../../infra/local/member-cluster/web-server.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";

test("a server that ends does not wait for who is connected and says nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hubless-web-server-"));
  const { certFile, keyFile } = await localAuthority(join(folder, "tls"));
  const server = await startWebServer({
    cert: await readFile(certFile, "utf8"),
    key: await readFile(keyFile, "utf8"),
    serve: async () => new Response("hello"),
  });
  const silent = connect({ host: "127.0.0.1", port: Number(new URL(server.url).port) });
  const ended = new Promise<string>((resolve) => {
    silent.on("error", () => undefined);
    silent.on("close", () => resolve("ended"));
  });
  await new Promise((resolve) => silent.once("connect", resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.close();
  expect(await ended).toBe("ended");
  await rm(folder, { recursive: true, force: true });
});
