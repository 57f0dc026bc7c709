/** What every kubectl deletes, and what it waits for. */
import { expect, test } from "vitest";
import { asker, tokenOf } from "../journeys/ask.ts";
import { deploymentOf } from "../kube/kube-fixture.ts";
import { type HubKubectl, onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

const mapOf = (name: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});

onEachKubectl(
  (kubectl) => {
    const { ok, fails, file, run, namespace } = kubectl;
    const maps = async (...args: readonly string[]) =>
      (await ok("get", "cm", "-o", "name", ...args)).split("\n").filter((line) => line !== "");

    test("deletes by name, by selector, by file and all", async () => {
      const labels = { tier: "a" };
      const items = ["a", "b", "c", "d"].map((name) =>
        mapOf(name, name < "c" ? { labels } : undefined),
      );
      const list = await file("list.json", { apiVersion: "v1", kind: "List", items });
      await ok("create", "-f", list);
      expect(await ok("delete", "cm", "a")).toMatch(/^configmap "a" deleted/);
      expect(await fails("delete", "cm", "a")).toMatch(/configmaps "a" not found/);
      expect(await ok("delete", "cm", "a", "--ignore-not-found")).toBe("");
      expect(await ok("delete", "cm", "-l", "tier=a")).toMatch(/^configmap "b" deleted/);
      expect(await ok("delete", "--dry-run=server", "cm", "c")).toMatch(/deleted.*server dry run/);
      expect(await maps()).toContain("configmap/c");
      expect(await ok("delete", "--ignore-not-found", "-f", list)).toMatch(
        /"c" deleted.*\n.*"d" dele/,
      );
      await ok("create", "cm", "e");
      expect(await ok("delete", "cm", "--all")).toMatch(/configmap "e" deleted/);
      expect(await maps()).toEqual([]);
      expect(await ok("create", "cm", "f", "-o", "name")).toBe("configmap/f\n");
      const raw = `/api/v1/namespaces/${namespace}/configmaps/f`;
      const { pathname } = new URL(kubectl.laptop().endpoints.hub);
      expect(await ok("delete", "--raw", `${pathname}${raw}`)).toMatch(/"status": ?"Success"/);
    });

    test("waits until what it deletes is gone", async () => {
      const finalizers = ["example.com/wait"];
      await ok("create", "-f", await file("held.json", mapOf("held", { finalizers })));
      expect(await fails("delete", "cm/held", "--timeout=1s")).toMatch(/timed out/);
      expect(await ok("get", "cm/held", "-o", "jsonpath={.metadata.deletionTimestamp}")).toMatch(
        /Z$/,
      );
      const deleted = run("delete", "cm/held");
      const waited = run("wait", "cm/held", "--for=delete", "--timeout=20s");
      await ok("patch", "cm/held", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
      // Whoever comes too late finds nothing.
      for (const { code, err } of [await deleted, await waited]) {
        if (code !== 0) expect(err).toMatch(/"held" not found|no matching resources found/);
      }
      expect(await maps()).not.toContain("configmap/held");
    });

    test("waits for a condition and for a value", async () => {
      await ok("create", "-f", await file("slow.json", deploymentOf("slow", "nginx:1")));
      const asked = ["wait", "deploy/slow", "--timeout=20s"];
      const waiting = ok(...asked, "--for=condition=Available");
      await setAvailable(kubectl, "slow");
      expect(await waiting).toBe("deployment.apps/slow condition met\n");
      expect(await fails("wait", "deploy/slow", "--for=condition=Other", "--timeout=1s")).toMatch(
        /timed out waiting for the condition/,
      );
      const value = ["--for=jsonpath={.spec.replicas}=2"];
      if (!kubectl.has("wait for a value")) return await kubectl.lacks(...asked, ...value);
      expect(await ok(...asked, ...value)).toBe("deployment.apps/slow condition met\n");
    });

    test("empties a namespace that it deletes", async () => {
      const name = `gone-${kubectl.minor}`;
      await ok("create", "namespace", name);
      await ok("create", "cm", "inside", "-n", name);
      await ok("create", "deployment", "web", "--image=x", "-n", name);
      expect(await ok("delete", "namespace", name, "--timeout=20s")).toMatch(/deleted/);
      expect(await fails("get", "ns", name)).toMatch(/namespaces "gone-\d+" not found/);
      expect(await ok("get", "cm,deploy", "-A", "-o", "name")).not.toMatch(/inside|web/);
    });

    if (kubectl.isThorough) {
      test.each([
        ["background", false],
        ["foreground", false],
        ["orphan", true],
      ])("deletes an owner with --cascade=%s", async (cascade, isLeft) => {
        const owner = `owner-${cascade}`;
        await ok("create", "cm", owner);
        const uid = await ok("get", "cm", owner, "-o", "jsonpath={.metadata.uid}");
        const ref = { apiVersion: "v1", kind: "ConfigMap", name: owner, uid };
        const ownerReferences = [{ ...ref, blockOwnerDeletion: true }];
        const owned = `owned-${cascade}`;
        await ok("create", "-f", await file("owned.json", mapOf(owned, { ownerReferences })));
        await ok("delete", "cm", owner, `--cascade=${cascade}`, "--timeout=20s");
        const isThere = async () => (await maps()).includes(`configmap/${owned}`);
        await expect.poll(isThere, { timeout: 15_000, interval: 200 }).toBe(isLeft);
        const owners = ["get", "cm", owned, "--ignore-not-found", "-o"];
        expect(await ok(...owners, "jsonpath={.metadata.ownerReferences}")).toBe("");
      });
    }
  },
  { entries: someOfMatrix },
);

/** As a controller would: older kubectls cannot write a status. */
async function setAvailable({ laptop, namespace }: HubKubectl, name: string): Promise<void> {
  const ask = asker(laptop().endpoints.hub, await tokenOf(laptop()));
  const path = `apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`;
  const conditions = [{ type: "Available", status: "True" }];
  const sent = { body: { status: { conditions } }, type: "application/merge-patch+json" };
  expect((await ask(`PATCH ${path}`, sent)).status).toBe(200);
}
