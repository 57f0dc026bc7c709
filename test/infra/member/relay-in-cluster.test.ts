import { AzureKeyCredential } from "@azure/eventgrid";
import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { startMemberClusters } from "../../../infra/local/member-cluster/start-member-clusters.ts";
import { startHttpsServer } from "../../../infra/local/tls/https-server.ts";
import { startRelay } from "../../../infra/member/relay/start-relay.ts";
import { parseMemberEvent } from "../../../shared/azure/wire/member-event.ts";
import { serviceExport } from "../../../shared/hub/kinds/service-export.ts";
import type { SnapshotEvent } from "../../../shared/traffic/model.ts";
import { trustedAuthority } from "../../azure/trusted-authority.ts";
import { clusterArmId } from "../../builders.ts";

const clusterId = clusterArmId("aks-1");
const exportsOf = {
  group: "networking.fleet.azure.com",
  version: "v1beta1",
  namespace: "demo",
  plural: "serviceexports",
} as const;

/** A simulated member with a relay, and a topic that keeps what it is told. */
async function openMember() {
  const { tls, remove } = await trustedAuthority();
  const told: SnapshotEvent[] = [];
  const clusters = await startMemberClusters({
    tls,
    verify: async (token) => (token === "good" ? "relay" : undefined),
    customKinds: [serviceExport],
    balancer: { ensureFrontend: () => "203.0.113.7", removeFrontend: () => {} },
    speed: () => 1_000,
    version: () => "1.34.1",
  });
  await clusters.ensure(clusterId);
  const topic = await startHttpsServer({
    tls,
    bodyBytesMax: 1_000_000,
    serve: async ({ body }) => {
      for (const each of JSON.parse(body.toString()) as unknown[]) {
        const event = parseMemberEvent(each);
        if (event?.kind === "snapshot") told.push(event);
      }
      return { status: 200 };
    },
  });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    {
      name: "member",
      server: clusters.urlOf(clusterId),
      caFile: tls.caFile,
      skipTLSVerify: false,
    },
    { name: "relay", token: "good" },
  );
  const relay = await startRelay({
    kubeConfig,
    clusterId,
    topic: { endpoint: `${topic.url}/api/events`, credential: new AzureKeyCredential("key") },
    identity: {
      credential: { getToken: async () => ({ token: "t", expiresOnTimestamp: 0 }) },
      scope: "api://hubless/.default",
    },
    windowMilliseconds: 20,
    log: { info: () => {}, warn: () => {} },
  });
  const close = async () => {
    await relay.stop();
    await clusters.close();
    await topic.close();
    await remove();
  };
  return { kubeConfig, told, close };
}

test("a Service that gets its pods and address in a member is told as it grows", async () => {
  const { kubeConfig, told, close } = await openMember();
  try {
    const objects = kubeConfig.makeApiClient(CustomObjectsApi);
    const core = kubeConfig.makeApiClient(CoreV1Api);
    const labels = { app: "web" };
    await core.createNamespace({ body: { metadata: { name: "demo" } } });
    const body = {
      apiVersion: "networking.fleet.azure.com/v1beta1",
      kind: "ServiceExport",
      metadata: { name: "web", namespace: "demo" },
    };
    await objects.createNamespacedCustomObject({ ...exportsOf, body });
    const last = () => told.at(-1)?.export;
    const soon = { timeout: 5_000, interval: 10 };
    await expect.poll(last, soon).toMatchObject({ validity: "ServiceNotFound" });

    await kubeConfig.makeApiClient(AppsV1Api).createNamespacedDeployment({
      namespace: "demo",
      body: {
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: "web", image: "nginx" }] },
          },
        },
      },
    });
    await core.createNamespacedService({
      namespace: "demo",
      body: {
        metadata: { name: "web" },
        spec: { type: "LoadBalancer", selector: labels, ports: [{ name: "http", port: 80 }] },
      },
    });
    await expect.poll(last, soon).toMatchObject({
      validity: "ServiceIsValid",
      readyEndpoints: 2,
      service: { type: "LoadBalancer", ingress: ["203.0.113.7"] },
    });

    const valid = async () =>
      (await objects.getNamespacedCustomObject({ ...exportsOf, name: "web" })) as object;
    await expect.poll(valid, soon).toMatchObject({
      status: { conditions: [{ type: "Valid", status: "True", reason: "ServiceIsValid" }] },
    });

    await objects.deleteNamespacedCustomObject({ ...exportsOf, name: "web" });
    await expect.poll(last, soon).toBeNull();
  } finally {
    await close();
  }
}, 60_000);
