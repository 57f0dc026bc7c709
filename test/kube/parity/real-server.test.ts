import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installWidgets } from "./install-widgets.ts";
import type { ParityCase } from "./parity-case.ts";
import { missingAssets, startRealServer } from "./real-server.ts";
import { runCase, SetupError } from "./run-case.ts";

const fake = fileURLToPath(import.meta.resolve("./fake-kube-apiserver.ts"));

let assets = "";

beforeEach(async () => {
  assets = await mkdtemp(join(tmpdir(), "assets-"));
});

afterEach(async () => {
  await rm(assets, { recursive: true, force: true });
});

/** A program of the folder that runs the fake. */
async function program(name: string, more = ""): Promise<void> {
  const file = join(assets, name);
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${fake}" "$@" ${more}\n`);
  await chmod(file, 0o755);
}

test("what is missing is said", async () => {
  expect(missingAssets(undefined)).toBe("KUBEBUILDER_ASSETS is not set");
  expect(missingAssets(assets)).toBe(`${assets} has no etcd and no kube-apiserver`);
  await program("etcd");
  expect(missingAssets(assets)).toBe(`${assets} has no kube-apiserver`);
  await expect(startRealServer(assets)).rejects.toThrow(/has no kube-apiserver/);
  await program("kube-apiserver");
  expect(missingAssets(assets)).toBeUndefined();
});

test("the programs of the folder are started, asked over TLS with a token, and ended", async () => {
  await program("etcd");
  await program("kube-apiserver");
  const server = await startRealServer(assets);
  await installWidgets(server);
  const parity: ParityCase = {
    name: "a name from an earlier step",
    setup: [
      {
        request: "POST {configmaps}?fieldManager=m1",
        body: { metadata: { name: "a" }, data: { k: "{repeat}" } },
        repeat: { text: "ab", times: 2 },
        as: "made",
      },
    ],
    ask: { request: "GET {configmaps}/{made.metadata.name}" },
    pick: ["metadata.name", "metadata.namespace", "metadata.uid", "data.k"],
    headers: ["content-type"],
  };
  const answer = await runCase(parity, { server, namespace: "case-0-0-of-parity" });
  expect(answer).toEqual({
    status: 200,
    headers: { "content-type": "application/json" },
    body: {
      "metadata.name": "a",
      "metadata.namespace": "{ns}",
      "metadata.uid": "*",
      "data.k": "abab",
    },
  });
  const wrong: ParityCase = { ...parity, setup: [{ request: "GET {configmaps}/absent" }] };
  const run = runCase(wrong, { server, namespace: "case-0-1-of-parity" });
  await expect(run).rejects.toThrow(SetupError);
  await server.close();
  await expect(server.ask({ method: "GET", path: "/readyz", headers: {} })).rejects.toThrow();
}, 60_000);

test("a server that ends before it is ready is told with its last words", async () => {
  await program("etcd");
  await program("kube-apiserver", "--fails");
  await expect(startRealServer(assets)).rejects.toThrow(/flag provided but not defined/);
}, 60_000);
