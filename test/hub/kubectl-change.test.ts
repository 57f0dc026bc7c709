/** What every kubectl changes in place: patches, edits, labels, images, scale, replacements. */
import { expect, test } from "vitest";
import { deploymentOf } from "../kube/kube-fixture.ts";
import { type HubKubectl, onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

const mapOf = (name: string, data: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

onEachKubectl(
  (kubectl) => {
    const { ok, fails, file, has } = kubectl;
    const path = async (object: string, jsonPath: string) =>
      await ok("get", object, "-o", `jsonpath=${jsonPath}`);

    test("patches by merge, by JSON patch, and by the merge keys of a built-in kind", async () => {
      await ok("create", "-f", await file("web.json", deploymentOf("web", "nginx:1")));
      const patch = async (type: string, body: object) =>
        await ok("patch", "deploy/web", `--type=${type}`, "-p", JSON.stringify(body));
      expect(await patch("merge", { spec: { replicas: 4 } })).toBe("deployment.apps/web patched\n");
      await patch("json", [
        { op: "test", path: "/spec/replicas", value: 4 },
        { op: "add", path: "/metadata/labels/tier", value: "x" },
      ]);
      const containers = [
        { name: "main", env: [{ name: "B", value: "2" }] },
        { name: "b", image: "b" },
      ];
      await patch("strategic", { spec: { template: { spec: { containers } } } });
      const seen =
        "{.spec.replicas} {.metadata.labels.tier} {..containers[*].name} {..env[*].name}";
      expect((await path("deploy/web", seen)).split(" ").toSorted().join(" ")).toBe(
        "4 A B b main x",
      );
      expect(await patch("merge", { spec: { replicas: 4 } })).toMatch(/patched \(no change\)\n/);
      const bad = JSON.stringify([{ op: "test", path: "/spec/replicas", value: 9 }]);
      expect(await fails("patch", "deploy/web", "--type=json", "-p", bad)).toMatch(
        /is invalid|test/i,
      );
      const own = await fails("patch", "crp", "none", "--type=strategic", "-p", "{}");
      expect(own).toMatch(/NotFound|UnsupportedMediaType|not supported/);
    });

    test("patches a status, and nothing else by it", async () => {
      await ok("create", "-f", await file("state.json", deploymentOf("state", "nginx:1")));
      const body = { spec: { replicas: 9 }, status: { replicas: 1, availableReplicas: 1 } };
      const patch = ["patch", "deploy/state", "--type=merge", "-p", JSON.stringify(body)];
      if (!has("patch of a subresource"))
        return await kubectl.lacks(...patch, "--subresource=status");
      await ok(...patch, "--subresource=status");
      expect(await path("deploy/state", "{.spec.replicas} {.status}")).toBe(
        '2 {"availableReplicas":1,"replicas":1}',
      );
      expect(await ok("get", "deploy/state", "--subresource=status", "-o", "name")).toMatch(
        /state/,
      );
    });

    test("labels and annotates, but overwrites only when told", async () => {
      await ok("create", "cm", "tagged", "--from-literal=a=1");
      expect(await ok("label", "cm/tagged", "tier=a")).toBe("configmap/tagged labeled\n");
      expect(await fails("label", "cm/tagged", "tier=b")).toMatch(
        /already has a value|--overwrite/,
      );
      await ok("label", "cm/tagged", "--overwrite", "tier=b");
      await ok("annotate", "cm/tagged", "note=here");
      expect(await path("cm/tagged", "{.metadata.labels} {.metadata.annotations}")).toBe(
        '{"tier":"b"} {"note":"here"}',
      );
      await ok("label", "cm/tagged", "tier-");
      await ok("annotate", "cm/tagged", "note-");
      expect(await path("cm/tagged", "{.metadata.labels}{.metadata.annotations}")).toBe("");
      expect(await fails("label", "cm/tagged", "bad label=1")).toMatch(/label|invalid/);
    });

    test("scales, and sets images, environments and resources", async () => {
      await ok("create", "-f", await file("sized.json", deploymentOf("sized", "nginx:1")));
      expect(await ok("scale", "deploy/sized", "--replicas=5")).toBe(
        "deployment.apps/sized scaled\n",
      );
      const wrong = ["scale", "deploy/sized", "--current-replicas=2", "--replicas=7"];
      expect(await fails(...wrong)).toMatch(/Expected replicas to be 2, was 5/i);
      await ok("set", "image", "deploy/sized", "main=nginx:2");
      await ok("set", "env", "deploy/sized", "A=2", "C=3");
      await ok("set", "resources", "deploy/sized", "--limits=cpu=200m,memory=512Mi");
      const seen = "{.spec.replicas} {..image} {..env[*].value} {..limits}";
      expect(await path("deploy/sized", seen)).toBe(
        '5 nginx:2 2 3 {"cpu":"200m","memory":"512Mi"}',
      );
      expect(await path("deploy/sized", "{.metadata.generation}")).toBe("5");
    });

    test("replaces an object that it read, and no newer one", async () => {
      await ok("create", "-f", await file("old.json", mapOf("rep", { a: "1" })));
      const read = await file("read.json", await ok("get", "cm/rep", "-o", "json"));
      const next = await file("new.json", mapOf("rep", { b: "2" }));
      expect(await ok("replace", "-f", next)).toBe("configmap/rep replaced\n");
      expect(await path("cm/rep", "{.data}")).toBe('{"b":"2"}');
      expect(await fails("replace", "-f", read)).toMatch(
        /Conflict.*the object has been modified; please apply your changes to the latest version/,
      );
      const uid = await path("cm/rep", "{.metadata.uid}");
      const forced = await ok("replace", "--force", "-f", next);
      expect(forced).toMatch(/configmap "rep" deleted.*\nconfigmap\/rep replaced\n/);
      expect(await path("cm/rep", "{.metadata.uid}")).not.toBe(uid);
      const none = await fails("replace", "-f", await file("no.json", mapOf("none", {})));
      expect(none).toMatch(/NotFound/);
    });

    if (kubectl.isThorough) thorough(kubectl);
  },
  { entries: someOfMatrix },
);

function thorough(kubectl: HubKubectl): void {
  const { ok, fails, file, run, editor } = kubectl;
  const path = async (object: string, jsonPath: string) =>
    await ok("get", object, "-o", `jsonpath=${jsonPath}`);

  test("edits with the editor of the user, who may change his mind or make mistakes", async () => {
    await ok("create", "cm", "edited", "--from-literal=a=1");
    await editor('sed -i \'s/a: "1"/a: "2"/\' "$1"');
    expect(await ok("edit", "cm/edited")).toBe("configmap/edited edited\n");
    expect(await path("cm/edited", "{.data.a}")).toBe("2");
    await editor("true");
    expect((await run("edit", "cm/edited")).out + (await run("edit", "cm/edited")).err).toMatch(
      /Edit cancelled, no changes made/,
    );
    // The first try is refused, the second finds the refusal at the top of the file.
    await editor(
      'if grep -q "was not valid\\|is invalid" "$1"; then cp "$1" "$0.seen"; ' +
        'sed -i "s/app: other/app: kept/" "$1"; else sed -i "s/app: kept/app: -other-/" "$1"; fi',
    );
    const labelled = {
      ...mapOf("kept", { a: "1" }),
      metadata: { name: "kept", labels: { app: "kept" } },
    };
    await ok("create", "-f", await file("kept.json", labelled));
    const refused = await run("edit", "cm/kept");
    expect(refused.code).toBe(1);
    expect(await path("cm/kept", "{.metadata.labels.app}")).toBe("kept");
  });

  test("autoscales and exposes a Deployment", async () => {
    await ok("create", "-f", await file("front.json", deploymentOf("front", "nginx:1")));
    await ok("autoscale", "deploy/front", "--min=2", "--max=5", "--cpu-percent=80");
    const [head, row] = (await ok("get", "hpa")).split("\n");
    expect(head).toMatch(/^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE *$/);
    expect(row).toMatch(/^front +Deployment\/front +cpu: <unknown>\/80% +2 +5 +0 +\d+s$/);
    const both = ["v1", "v2"].map(async (version) =>
      (
        await ok(
          "get",
          `horizontalpodautoscalers.${version}.autoscaling`,
          "front",
          "-o",
          "jsonpath={.spec}",
        )
      ).trim(),
    );
    const [one, two] = (await Promise.all(both)).map((text) => JSON.parse(text) as object);
    expect(one).toMatchObject({ maxReplicas: 5, targetCPUUtilizationPercentage: 80 });
    expect(two).toMatchObject({
      metrics: [
        { resource: { name: "cpu", target: { averageUtilization: 80 } }, type: "Resource" },
      ],
    });
    await ok("expose", "deploy/front", "--port=80", "--target-port=8080", "--name=front");
    expect(await path("svc/front", "{.spec.ports[0].targetPort} {.spec.selector}")).toBe(
      '8080 {"app":"front"}',
    );
  });

  test("finds no history of a Deployment, which runs nowhere here, and says so", async () => {
    await ok("create", "-f", await file("inert.json", deploymentOf("inert", "nginx:1")));
    const { out, err } = await run("rollout", "history", "deploy/inert");
    expect(out + err).toMatch(/No rollout history found|no rollout history/);
    expect(await fails("rollout", "undo", "deploy/inert")).toMatch(/no rollout history found/);
    const waited = await run("rollout", "status", "deploy/inert", "--timeout=1s");
    expect(waited.code).toBe(1);
    expect(waited.out).toMatch(/Waiting for deployment/);
    expect(waited.err).toMatch(/timed out waiting/);
    expect(await ok("rollout", "restart", "deploy/inert")).toMatch(/restarted/);
    expect(await path("deploy/inert", "{.spec.template.metadata.annotations}")).toMatch(
      /kubectl.kubernetes.io\/restartedAt/,
    );
  });

  test.each([
    ["logs of a Pod", ["logs", "p"], /pods "p" not found/],
    ["a command in a Pod", ["exec", "p", "--", "ls"], /pods "p" not found/],
    ["a port of a Pod", ["port-forward", "pod/p", "1:80"], /pods "p" not found/],
    ["files of a Pod", ["cp", "p:/a", "/tmp/hubless-none"], /pods "p" not found/],
    ["an attachment to a Pod", ["attach", "p"], /pods "p" not found/],
    ["what nodes use", ["top", "nodes"], /Metrics API not available/],
    ["what Pods use", ["top", "pods"], /Metrics API not available/],
    ["a drained node", ["drain", "n"], /nodes "n" not found/],
    ["a cordoned node", ["cordon", "n"], /nodes "n" not found/],
    ["a tainted node", ["taint", "nodes", "n", "a=b:NoSchedule"], /nodes "n" not found/],
    ["a proxied service", ["get", "--raw", "/api/v1/nodes/n/proxy/"], /NotFound|could not find/],
  ])("is refused %s, which a hub has not", async (_name, args, told) => {
    expect(await fails(...args)).toMatch(told);
  });
}
