/** The pods that a simulated cluster shows, and what is left of its nodes beside them. */
import { expect, test } from "vitest";
import { seeUsage } from "../../../../shared/azure/members/usage.ts";
import { arrayOf, at, textOf } from "../../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { deploymentOf } from "../../../kube/kube-fixture.ts";
import { type Members, member, startMembers } from "./members-fixture.ts";

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const nodes = ["n0", "n1", "n2"].map((name) => ({ name, version: "1.34.1" }));

/** What the product makes of the cluster's nodes and pods. */
const usageOf = async ({ ask }: Members) =>
  await seeUsage({ ask: async ({ method, path }) => await ask(method, path) });

async function podsIn(members: Members, namespace: string): Promise<readonly Json[]> {
  const { status, body } = await members.ask("GET", `/api/v1/namespaces/${namespace}/pods`);
  expect(status).toBe(200);
  return arrayOf(body["items"]);
}

const namesOf = (pods: readonly Json[]): readonly (string | undefined)[] =>
  pods.map((pod) => textOf(at(pod, "metadata", "name"))).toSorted();

/** A deployment whose pods ask for something. */
function web(replicas: number): JsonObject {
  const deployment = deploymentOf("web", "nginx:1") as unknown as JsonObject;
  const requests = { cpu: "500m", memory: "1Gi" };
  const containers = [{ name: "web", image: "nginx:1", resources: { requests } }];
  const template = at(deployment, "spec", "template") as JsonObject;
  const spec = {
    ...(deployment["spec"] as JsonObject),
    replicas,
    template: { ...template, spec: { containers } },
  };
  return { ...deployment, spec };
}

test("a new cluster has AKS's own pods on its nodes, and the rest is free", async () => {
  await using members = await startMembers({ nodes: () => nodes });
  expect(await usageOf(members)).toEqual({
    kind: "seen",
    nodeCount: 3,
    capacity: { cpu: "12", memory: "49125168Ki" },
    allocatable: { cpu: "11580m", memory: "36536676Ki" },
    available: { cpu: "9990m", memory: "34703716Ki" },
  });
  expect(await podsIn(members, "default")).toEqual([]);
  expect(namesOf(await podsIn(members, "kube-system"))).toContain("coredns-n0");
});

test("the pods of a workload take of the nodes, and give it back", async () => {
  await using members = await startMembers({ nodes: () => nodes });
  await members.ask("POST", deployments, web(2));
  await members.becomes(`${deployments}/web`, ["status", "availableReplicas"], 2);
  const pods = await podsIn(members, "default");
  expect(namesOf(pods)).toEqual([
    expect.stringMatching(/^web-\d+-\d+-0$/),
    expect.stringMatching(/^web-\d+-\d+-1$/),
  ]);
  expect(pods[0]).toMatchObject({ metadata: { labels: { app: "web" } } });
  expect(at(pods[0], "spec", "nodeName")).toMatch(/^n[012]$/);
  expect(await usageOf(members)).toMatchObject({
    available: { cpu: "8990m", memory: "32606564Ki" },
  });
  const type = "application/merge-patch+json";
  await members.ask("PATCH", `${deployments}/web`, { spec: { replicas: 1 } }, { type });
  await members.becomes(`${deployments}/web`, ["status", "availableReplicas"], 1);
  expect(await podsIn(members, "default")).toHaveLength(1);
  await members.ask("DELETE", `${deployments}/web`);
  expect(await podsIn(members, "default")).toEqual([]);
  expect(await usageOf(members)).toMatchObject({ available: { cpu: "9990m" } });
});

test("workloads of one name have pods of their own, and leave alone what others made", async () => {
  await using members = await startMembers({ nodes: () => nodes });
  const pod = { metadata: { name: "web-0" }, spec: { containers: [{ name: "a", image: "b" }] } };
  await members.ask("POST", "/api/v1/namespaces/default/pods", pod);
  const statefulSets = "/apis/apps/v1/namespaces/default/statefulsets";
  await members.ask("POST", deployments, web(2));
  await members.ask("POST", statefulSets, { ...web(2), kind: "StatefulSet" });
  await members.becomes(`${deployments}/web`, ["status", "availableReplicas"], 2);
  await members.becomes(`${statefulSets}/web`, ["status", "availableReplicas"], 2);
  const pods = await podsIn(members, "default");
  expect(pods).toHaveLength(4);
  const mine = pods.find((each) => at(each, "metadata", "name") === "web-0");
  expect(at(mine, "spec", "containers")).toEqual(pod.spec.containers);
});

test("a pod that somebody made stays, and asking again changes nothing", async () => {
  await using members = await startMembers({ nodes: () => nodes });
  const pod = { metadata: { name: "mine" }, spec: { containers: [{ name: "a", image: "b" }] } };
  await members.ask("POST", "/api/v1/namespaces/default/pods", pod);
  expect(namesOf(await podsIn(members, "default"))).toEqual(["mine"]);
  const before = (await members.ask("GET", "/api/v1/pods")).body["metadata"];
  expect((await members.ask("GET", "/api/v1/pods")).body["metadata"]).toEqual(before);
});

test("a cluster of many nodes shows all of them, and fewer once it shrinks", async () => {
  let count = 150;
  await using members = await startMembers({
    nodes: () => Array.from({ length: count }, (_, at) => ({ name: `n${at}`, version: "1.34.1" })),
  });
  expect(await usageOf(members)).toMatchObject({ nodeCount: 150, capacity: { cpu: "600" } });
  count = 2;
  expect(await usageOf(members)).toMatchObject({ nodeCount: 2, capacity: { cpu: "8" } });
  expect(await podsIn(members, "kube-system")).toHaveLength(2 * 9);
});

test("a namespace whose workload has pods can be deleted", async () => {
  await using members = await startMembers({ nodes: () => nodes });
  await members.ask("POST", "/api/v1/namespaces", { metadata: { name: "demo" } });
  const there = deployments.replace("default", "demo");
  await members.ask("POST", there, web(2));
  await members.becomes(`${there}/web`, ["status", "availableReplicas"], 2);
  expect(await podsIn(members, "demo")).toHaveLength(2);
  await members.ask("DELETE", "/api/v1/namespaces/demo");
  await members.becomes("/api/v1/namespaces/demo", ["code"], 404);
  const { body } = await members.ask("GET", "/api/v1/pods", undefined, { cluster: member });
  expect(JSON.stringify(body)).not.toContain('"namespace":"demo"');
});
