/** Manifests of the size that `helm template` makes, through kubectl, in one file. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asker, tokenOf } from "../../journeys/ask.ts";
import { endLaptops, type Laptop, startLaptop } from "../../journeys/laptop.ts";
import { findKubectls, noKubectl, runKubectl } from "../../kube/kubectl.ts";
import { manifestText, objectsIn } from "./many-manifests.ts";

const [program = ""] = findKubectls();
let laptop: Laptop;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hubless-manifests-"));
  laptop = await startLaptop();
}, 60_000);
afterAll(async () => {
  await endLaptops();
  await rm(folder, { recursive: true, force: true });
});

const kubectlEnvironment = () => ({
  PATH: process.env["PATH"],
  HOME: folder,
  KUBECONFIG: laptop.endpoints.kubeconfig,
});

async function ok(...args: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await runKubectl(program, args, kubectlEnvironment());
  expect({ args, code, err: err.slice(0, 2_000) }).toEqual({ args, code: 0, err: "" });
  return out.trim().split("\n");
}

async function revision(): Promise<string> {
  const ask = asker(laptop.endpoints.hub, await tokenOf(laptop));
  const { body } = await ask("GET api/v1/nodes");
  return (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
}

describe.skipIf(program === "")(`many manifests (skipped when ${noKubectl})`, () => {
  test.each([
    // A patch of a budget always replaces its selector, so kubectl never calls it unchanged.
    ["by the client", [], / unchanged$|^poddisruptionbudget\S+ configured$/],
    ["on the server", ["--server-side"], / serverside-applied$/],
  ] as const)(
    "hundreds of objects of 15 kinds are applied %s, again, and deleted",
    async (...row) => {
      const [, how, again] = row;
      const prefix = `m${randomUUID().slice(0, 6)}`;
      const { definition, rest } = manifestText(prefix);
      const first = join(folder, `${prefix}-crd.yaml`);
      const file = join(folder, `${prefix}.yaml`);
      await writeFile(first, definition);
      await writeFile(file, rest);
      const apply = ["apply", ...how, "-f"];
      await ok(...apply, first);
      await ok("wait", "--for=condition=Established", "-f", first, "--timeout=20s");

      const made = await ok(...apply, file);
      expect(made).toHaveLength(objectsIn);
      expect(new Set(made.map((line) => line.split("/")[0])).size).toBeGreaterThanOrEqual(15);
      const before = await revision();
      const repeated = await ok(...apply, file);
      expect(repeated).toHaveLength(objectsIn);
      for (const line of repeated) expect(line).toMatch(again);
      expect(await revision(), "an apply of the same is no change").toBe(before);
      // The namespaces come first, and take what is in them with them.
      const args = ["delete", "--wait=false", "-f", file];
      const { err } = await runKubectl(program, args, kubectlEnvironment());
      const others = err.split("\n").filter((line) => !/NotFound|^$/.test(line));
      expect(others).toEqual([]);
      const left = ["get", "deploy,cm,cj,role", "-A", "-l", "app.kubernetes.io/managed-by=Helm"];
      const isLeft = async () => await ok(...left, "-o", "name");
      await expect.poll(isLeft, { timeout: 30_000, interval: 500 }).toEqual([""]);
      await ok("delete", "-f", first, "--timeout=20s");
    },
    120_000,
  );
});
