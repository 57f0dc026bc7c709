import { expect, test } from "vitest";
import { at } from "../../../../shared/kube/json.ts";
import { deploymentOf, widget, widgetOf } from "../../../kube/kube-fixture.ts";
import { member, startMembers } from "./members-fixture.ts";

const other = member.replace("aks-1", "aks-2");
const maps = "/api/v1/namespaces/default/configmaps";

test("clusters share a server and nothing else", async () => {
  await using members = await startMembers({
    version: (id) => (id === member ? "1.34.1" : "1.33.5"),
  });
  const { ask, clusters } = members;
  await clusters.ensure(other);
  expect((await ask("POST", maps, { metadata: { name: "a" } })).status).toBe(201);
  expect((await ask("GET", `${maps}/a`)).status).toBe(200);
  expect((await ask("GET", `${maps}/a`, undefined, { cluster: other })).status).toBe(404);
  expect((await ask("GET", "/version")).body["gitVersion"]).toBe("v1.34.1");
  const { body } = await ask("GET", "/version", undefined, { cluster: other });
  expect(body["gitVersion"]).toBe("v1.33.5");
  expect(clusters.urlOf(member.toUpperCase())).toBe(clusters.urlOf(member));
});

test("a token that is not good is refused before anything is read", async () => {
  await using members = await startMembers();
  for (const token of ["bad", ""]) {
    const { status, body } = await members.ask("GET", maps, undefined, { token });
    expect(status).toBe(401);
    expect(body).toMatchObject({ kind: "Status", reason: "Unauthorized" });
  }
});

test.each([
  ["refuse", /socket hang up|ECONNRESET/],
  ["hang", /no answer/],
] as const)("a cluster that is told to %s does", async (reachability, wanted) => {
  await using members = await startMembers();
  members.clusters.setReachability(member, reachability);
  const quiet = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error("no answer")), 200),
  );
  const asked = members.ask("GET", maps);
  asked.catch(() => {});
  await expect(Promise.race([asked, quiet])).rejects.toThrow(wanted);
  members.clusters.setReachability(member, "up");
  expect((await members.ask("GET", maps)).status).toBe(200);
});

test("a cluster in error, or not ready, says so", async () => {
  await using members = await startMembers();
  const { ask, clusters } = members;
  clusters.setReachability(member, "error");
  expect((await ask("GET", maps)).status).toBe(500);
  clusters.setReachability(member, "up");
  clusters.setReady(member, false);
  expect((await ask("GET", "/readyz")).status).toBe(500);
  expect((await ask("GET", maps)).status).toBe(200);
  const { body } = await ask("GET", "/api/v1/nodes");
  const nodes = body["items"] as never[];
  expect(nodes).toHaveLength(3);
  expect(at(nodes[0], "status", "conditions")).toMatchObject([{ type: "Ready", status: "False" }]);
  clusters.setReady(member, true);
  expect((await ask("GET", "/readyz")).body["text"]).toBe("ok");
});

test("nodes follow the cluster through an upgrade, one by one", async () => {
  let versions = ["1.33.5", "1.33.5"];
  const nodes = () => versions.map((version, index) => ({ name: `n${index}`, version }));
  await using members = await startMembers({ nodes });
  const seen = async () => {
    const { body } = await members.ask("GET", "/api/v1/nodes");
    return (body["items"] as never[]).map((node) =>
      at(node, "status", "nodeInfo", "kubeletVersion"),
    );
  };
  expect(await seen()).toEqual(["v1.33.5", "v1.33.5"]);
  versions = ["1.34.1", "1.33.5"];
  expect(await seen()).toEqual(["v1.34.1", "v1.33.5"]);
  versions = ["1.34.1"];
  expect(await seen()).toEqual(["v1.34.1"]);
});

test("a manifest that a real cluster refuses is refused, and defaults are set", async () => {
  await using members = await startMembers({ customKinds: [widget] });
  const { ask } = members;
  const path = "/apis/apps/v1/namespaces/default/deployments";
  const good = deploymentOf("web", "nginx");
  const created = await ask("POST", path, good);
  expect(created.body["spec"]).toMatchObject({
    revisionHistoryLimit: 10,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    template: {
      spec: {
        restartPolicy: "Always",
        containers: [{ imagePullPolicy: "Always", terminationMessagePolicy: "File" }],
      },
    },
  });
  const mismatch = {
    ...deploymentOf("api", "nginx:1"),
    spec: { ...(good["spec"] as object), selector: { matchLabels: { app: "other" } } },
  };
  const refused = await ask("POST", path, mismatch as never);
  expect(refused.body).toMatchObject({ code: 422, reason: "Invalid" });
  expect(refused.body["message"]).toMatch(/`selector` does not match template `labels`/);
  const selector = { spec: { selector: { matchLabels: { app: "web", tier: "x" } } } };
  const changed = await ask("PATCH", `${path}/web`, selector, {
    type: "application/merge-patch+json",
  });
  expect(changed.body["message"]).toMatch(/spec.selector: Invalid value: .*field is immutable/);
  const custom = "/apis/example.com/v1/namespaces/default/widgets";
  expect((await ask("POST", custom, widgetOf("w", { size: 1 }))).status).toBe(201);
});

test("a kubeconfig names the cluster, its authority and its user", async () => {
  await using members = await startMembers();
  const text = members.clusters.kubeconfigOf(member, { token: "good" });
  const config = JSON.parse(text) as never;
  expect(config).toMatchObject({
    clusters: [{ cluster: { server: members.clusters.urlOf(member) } }],
    users: [{ user: { token: "good" } }],
    "current-context": "member",
  });
});

test("a thousand clusters cost little, and rest when nothing happens", async () => {
  await using members = await startMembers();
  const { clusters } = members;
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  for (let index = 0; index < 1_000; index++) await clusters.ensure(`${member}-${index}`);
  expect(performance.now() - started).toBeLessThan(10_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const timers = process.getActiveResourcesInfo().filter((each) => each === "Timeout");
  expect(timers.length).toBeLessThan(50);
  const bytes = process.memoryUsage().heapUsed - before;
  expect(bytes / 1_000).toBeLessThan(200_000);
});
