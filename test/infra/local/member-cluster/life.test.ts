import { expect, test } from "vitest";
import { at } from "../../../../shared/kube/json.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { gadgetDefinition } from "../../../kube/definitions/definition-fixture.ts";
import { deploymentOf } from "../../../kube/kube-fixture.ts";
import { type Members, member, startMembers } from "./members-fixture.ts";

const shop = "/api/v1/namespaces/shop";
const services = `${shop}/services`;
const deployments = "/apis/apps/v1/namespaces/shop/deployments";
const slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
const merge = { type: "application/merge-patch+json" };

async function withNamespace(members: Members): Promise<void> {
  await members.ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } });
}

function webService(type = "ClusterIP"): JsonObject {
  const ports = [{ name: "http", port: 80, targetPort: "web" }];
  return { metadata: { name: "web" }, spec: { type, selector: { app: "web" }, ports } };
}

function webDeployment(image = "nginx:1", replicas = 2): JsonObject {
  const deployment = deploymentOf("web", image, replicas);
  const containers = [{ name: "main", image, ports: [{ name: "web", containerPort: 8080 }] }];
  const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
  return { ...deployment, spec: { ...(deployment["spec"] as JsonObject), template } };
}

async function readyAddresses({ ask }: Members): Promise<readonly boolean[]> {
  const { body } = await ask("GET", slices);
  const endpoints = (body["items"] as JsonObject[]).flatMap(
    (slice) => slice["endpoints"] as JsonObject[],
  );
  return endpoints.map((endpoint) => at(endpoint, "conditions", "ready") === true);
}

test("a namespace is born with an account and a certificate, and dies with what is in it", async () => {
  await using members = await startMembers();
  const { ask, becomes } = members;
  await withNamespace(members);
  await becomes(`${shop}/serviceaccounts/default`, ["metadata", "name"], "default");
  await becomes(`${shop}/configmaps/kube-root-ca.crt`, ["metadata", "name"], "kube-root-ca.crt");
  const finalizers = ["example.com/hold"];
  await ask("POST", `${shop}/configmaps`, { metadata: { name: "held", finalizers } });
  await ask("POST", deployments, webDeployment());
  expect((await ask("DELETE", shop)).body).toMatchObject({ status: { phase: "Terminating" } });
  await becomes(`${deployments}/web`, ["code"], 404);
  expect((await ask("GET", shop)).status).toBe(200);
  await ask("PATCH", `${shop}/configmaps/held`, { metadata: { finalizers: null } }, merge);
  await becomes(shop, ["code"], 404);
});

test("a Deployment is seen, then available; a change makes it start again", async () => {
  await using members = await startMembers({ speed: () => 200 });
  const { ask, becomes } = members;
  await withNamespace(members);
  await ask("POST", deployments, webDeployment());
  await becomes(`${deployments}/web`, ["status", "observedGeneration"], 1);
  await becomes(`${deployments}/web`, ["status", "availableReplicas"], 2);
  const { body } = await ask("GET", `${deployments}/web`);
  expect(body["status"]).toMatchObject({
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    conditions: [
      { type: "Available", status: "True" },
      { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    ],
  });
  await ask("PATCH", `${deployments}/web`, { spec: { replicas: 5 } }, merge);
  await becomes(`${deployments}/web`, ["status", "observedGeneration"], 2);
  const during = await ask("GET", `${deployments}/web`);
  expect(during.body["status"]).toMatchObject({ availableReplicas: 2, unavailableReplicas: 3 });
  expect(at(during.body, "status", "updatedReplicas")).toBeUndefined();
  await becomes(`${deployments}/web`, ["status", "availableReplicas"], 5);
});

test("a Deployment with a broken image never becomes available", async () => {
  await using members = await startMembers();
  const { ask, becomes } = members;
  await withNamespace(members);
  await ask("POST", deployments, webDeployment("shop/web:broken"));
  await becomes(`${deployments}/web`, ["status", "unavailableReplicas"], 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await becomes(`${deployments}/web`, ["status", "availableReplicas"], undefined);
});

test("a Service has an address and an endpoint for each pod, ready when the pod is", async () => {
  await using members = await startMembers();
  const { ask, becomes, clusters } = members;
  await withNamespace(members);
  const created = await ask("POST", services, webService());
  expect(at(created.body, "spec", "clusterIP")).toMatch(/^10\.0\.\d+\.\d+$/);
  await ask("POST", deployments, webDeployment("nginx:1", 3));
  await becomes(`${deployments}/web`, ["status", "availableReplicas"], 3);
  await expect.poll(() => readyAddresses(members)).toEqual([true, true, true]);
  const { body } = await ask("GET", `${slices}?labelSelector=kubernetes.io/service-name%3Dweb`);
  expect(body["items"]).toMatchObject([
    {
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      metadata: { ownerReferences: [{ kind: "Service", name: "web" }] },
    },
  ]);
  await clusters.setDown(member, { namespace: "shop", name: "web" }, true);
  await expect.poll(() => readyAddresses(members)).toEqual([false, false, false]);
  const down = await ask("GET", `${deployments}/web`);
  expect(at(down.body, "status", "conditions")).toMatchObject([
    { type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
    { type: "Progressing" },
  ]);
  await clusters.setDown(member, { namespace: "shop", name: "web" }, false);
  await expect.poll(() => readyAddresses(members)).toEqual([true, true, true]);
  await ask("DELETE", `${services}/web`);
  await expect.poll(() => readyAddresses(members)).toEqual([]);
});

test("a Service of type LoadBalancer has a frontend while it is one", async () => {
  await using members = await startMembers();
  const { ask, becomes, frontends } = members;
  await withNamespace(members);
  const { body } = await ask("POST", services, webService("LoadBalancer"));
  const uid = String(at(body, "metadata", "uid"));
  await becomes(`${services}/web`, ["status", "loadBalancer"], {
    ingress: [{ ip: "203.0.113.7", ipMode: "VIP" }],
  });
  expect([...frontends]).toEqual([`${uid} shop/web 80`]);
  await ask("PATCH", `${services}/web`, { spec: { type: "ClusterIP" } }, merge);
  await becomes(`${services}/web`, ["status", "loadBalancer"], {});
  expect([...frontends]).toEqual([]);
  await ask("PATCH", `${services}/web`, { spec: { type: "LoadBalancer" } }, merge);
  await expect.poll(() => frontends.size).toBe(1);
  await becomes(
    `${services}/web`,
    ["metadata", "finalizers"],
    ["service.kubernetes.io/load-balancer-cleanup"],
  );
  await ask("DELETE", `${services}/web`);
  await becomes(`${services}/web`, ["code"], 404);
  expect([...frontends]).toEqual([]);
});

test("a Service waits for a frontend that is in use, and for a load balancer that is away", async () => {
  let isInUse = true;
  let failures = 2;
  await using members = await startMembers({
    balancer: {
      ensureFrontend: () => {
        if (failures-- > 0) throw new Error("away");
        return "203.0.113.9";
      },
      removeFrontend: () => (isInUse ? "in-use" : undefined),
    },
  });
  const { ask, becomes } = members;
  await withNamespace(members);
  await ask("POST", services, webService("LoadBalancer"));
  await becomes(`${services}/web`, ["status", "loadBalancer"], {
    ingress: [{ ip: "203.0.113.9", ipMode: "VIP" }],
  });
  await ask("DELETE", `${services}/web`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await ask("GET", `${services}/web`)).status).toBe(200);
  isInUse = false;
  await becomes(`${services}/web`, ["code"], 404);
});

test("what a deleted object owned goes with it, and what is orphaned stays", async () => {
  await using members = await startMembers();
  const { ask, becomes } = members;
  await withNamespace(members);
  const maps = `${shop}/configmaps`;
  const owned = async (owner: string, name: string) => {
    const { body } = await ask("POST", maps, { metadata: { name: owner } });
    const uid = String(at(body, "metadata", "uid"));
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: owner, uid }];
    await ask("POST", maps, { metadata: { name, ownerReferences } });
  };
  await owned("first", "of-first");
  await ask("DELETE", `${maps}/first`);
  await becomes(`${maps}/of-first`, ["code"], 404);
  await owned("second", "of-second");
  await ask("DELETE", `${maps}/second?propagationPolicy=Orphan`);
  await becomes(`${maps}/second`, ["code"], 404);
  await becomes(`${maps}/of-second`, ["metadata", "ownerReferences"], undefined);
  expect((await ask("GET", `${maps}/of-second`)).status).toBe(200);
  await owned("third", "of-third");
  const { body } = await ask("DELETE", `${maps}/third?propagationPolicy=Foreground`);
  expect(at(body, "metadata", "finalizers")).toEqual(["foregroundDeletion"]);
  await becomes(`${maps}/third`, ["code"], 404);
  await becomes(`${maps}/of-third`, ["code"], 404);
});

test("a custom resource is served as soon as it is defined, and no longer than that", async () => {
  await using members = await startMembers();
  const { ask, becomes } = members;
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const { status, body } = await ask("POST", definitions, gadgetDefinition());
  expect(status).toBe(201);
  expect(at(body, "status", "conditions")).toMatchObject([
    { type: "NamesAccepted" },
    { type: "Established", status: "True" },
  ]);
  const gadgets = "/apis/example.com/v1/namespaces/default/gadgets";
  await becomes(gadgets, ["kind"], "GadgetList");
  const gadget = { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" } };
  const wrong = await ask("POST", gadgets, { ...gadget, spec: { size: "x" } });
  expect(wrong.body).toMatchObject({ code: 422 });
  const right = await ask("POST", gadgets, { ...gadget, spec: { size: 1, odd: 2 } });
  expect(right.body["spec"]).toEqual({ size: 1 });
  await ask("DELETE", `${definitions}/gadgets.example.com`);
  await becomes(`${definitions}/gadgets.example.com`, ["code"], 404);
  expect((await ask("GET", gadgets)).status).toBe(404);
});
