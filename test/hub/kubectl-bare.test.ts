/** What kubectl makes of templates that lack what a kube-apiserver would have filled in. */
import { expect, test } from "vitest";
import { objectOf } from "../../shared/kube/json.ts";
import { bareClusterTemplates, bareTemplates } from "./bare-templates.ts";
import { type HubKubectl, onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

/** What changes when an object does. */
const states = ["-o", "jsonpath={range .items[*]}{.kind} {.metadata.resourceVersion}\n{end}"];

/** Older ones ask for versions of kinds that 1.34 has no more, and do not know all fields. */
const entries = someOfMatrix.filter(({ minor }) => minor >= 27);

onEachKubectl(
  (kubectl) => {
    const { ok, file, namespace, run } = kubectl;
    const templates = [...bareTemplates, ...bareClusterTemplates(namespace)];
    const items = templates.map(({ object }) => object);
    const list = { apiVersion: "v1", kind: "List", items };

    test("replaces what it has read without a change", async () => {
      const path = await file("bare.json", list);
      await ok("create", "-f", path);
      const before = await ok("get", "-f", path, ...states);
      expect(before.trim().split("\n")).toHaveLength(templates.length);
      for (const format of ["yaml", "json"]) {
        const shown = await file(`shown.${format}`, await ok("get", "-f", path, "-o", format));
        await ok("replace", "-f", shown);
      }
      expect(await ok("get", "-f", path, ...states)).toBe(before);
    });

    test.each(templates)("describes $name", async ({ name, told }) => {
      const text = await ok("describe", name);
      for (const each of told) expect(text).toMatch(each);
    });

    test("applies without a difference afterwards", async () => {
      const path = await file("bare.json", list);
      await ok("delete", "-f", path);
      await ok("apply", "-f", path);
      const before = await ok("get", "-f", path, ...states);
      expect(await run("diff", "-f", path)).toEqual({ code: 0, out: "", err: "" });
      await ok("apply", "-f", path);
      expect(await ok("get", "-f", path, ...states)).toBe(before);
    });

    test.each(["deploy", "sts", "ds"])("tells how far the rollout of %s is", async (kind) => {
      expect(await ok("rollout", "status", `${kind}/bare`, "--watch=false")).toMatch(/^Waiting/);
    });

    test("applies another strategy, and the default again", async () => {
      const path = await file("bare.json", list);
      const [deployment] = items;
      const spec = { ...objectOf(deployment?.["spec"]), strategy: { type: "Recreate" } };
      const strategy = async () =>
        JSON.parse(await ok("get", "deploy/bare", "-o", "jsonpath={.spec.strategy}")) as unknown;
      await ok("apply", "-f", await file("recreate.json", { ...deployment, spec }));
      expect(await strategy()).toEqual({ type: "Recreate" });
      await ok("apply", "-f", path);
      expect(await strategy()).toMatchObject({ type: "RollingUpdate" });
    });

    changes(kubectl);

    test("applies on the server without a difference afterwards", async () => {
      const path = await file("bare.json", list);
      const how = ["--server-side", "--force-conflicts", "-f", path];
      await ok("apply", ...how);
      const before = await ok("get", "-f", path, ...states);
      expect(await run("diff", ...how)).toEqual({ code: 0, out: "", err: "" });
      await ok("apply", ...how);
      expect(await ok("get", "-f", path, ...states)).toBe(before);
    });
  },
  { entries },
);

function changes({ ok, editor }: HubKubectl): void {
  test("scales, sets, edits and restarts what lacks fields", async () => {
    const replicas = async () => await ok("get", "deploy/bare", "-o", "jsonpath={.spec.replicas}");
    expect(await replicas()).toBe("1");
    await ok("set", "image", "deploy/bare", "main=nginx:2");
    await ok("rollout", "restart", "deploy/bare");
    await ok("scale", "deploy/bare", "--current-replicas=1", "--replicas=3");
    expect(await replicas()).toBe("3");
    await editor(`sed -i -e 's/replicas: 3/replicas: 2/' "$1"`);
    await ok("edit", "deploy/bare");
    expect(await replicas()).toBe("2");
    await editor(`sed -i -e '/replicas: 2/d' "$1"`);
    await ok("edit", "deploy/bare");
    expect(await replicas()).toBe("1");
  });
}
