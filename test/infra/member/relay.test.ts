import { AzureKeyCredential } from "@azure/eventgrid";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type HttpsServer, startHttpsServer } from "../../../infra/local/tls/https-server.ts";
import {
  type Relay,
  type RelayOptions,
  startRelay,
} from "../../../infra/member/relay/start-relay.ts";
import { parseMemberEvent } from "../../../shared/azure/wire/member-event.ts";
import type { MemberEvent, SnapshotEvent } from "../../../shared/traffic/model.ts";
import { trustedAuthority } from "../../azure/trusted-authority.ts";
import { clusterArmId, noon } from "../../builders.ts";
import { type KubeApi, type KubeThing, paths, startKubeApi } from "./kube-api.ts";

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let kube: KubeApi;
let grid: HttpsServer;
let relays: Relay[] = [];
let events: MemberEvent[] = [];
let topicAnswers: number[] = [];
let topicRequests = 0;
let warnings: string[] = [];

beforeAll(async () => {
  authority = await trustedAuthority();
});
afterAll(async () => await authority.remove());

beforeEach(async () => {
  relays = [];
  events = [];
  topicAnswers = [];
  topicRequests = 0;
  warnings = [];
  kube = await startKubeApi(authority.tls);
  grid = await startHttpsServer({
    tls: authority.tls,
    bodyBytesMax: 1_000_000,
    serve: async ({ headers, body }) => {
      topicRequests++;
      const status = topicAnswers.shift() ?? 200;
      if (status !== 200) return { status };
      expect(headers["aeg-sas-key"]).toBe("key");
      for (const each of JSON.parse(body.toString()) as unknown[]) {
        const event = parseMemberEvent(each);
        if (event === undefined) throw new Error("The relay must tell what the product reads");
        events.push(event);
      }
      return { status: 200 };
    },
  });
});
afterEach(async () => {
  await Promise.all(relays.map(async (relay) => await relay.stop()));
  await kube.close();
  await grid.close();
});

async function relay(more: Partial<RelayOptions> = {}): Promise<Relay> {
  const started = await startRelay({
    kubeConfig: kube.kubeConfig,
    clusterId: clusterArmId("aks-1"),
    topic: { endpoint: `${grid.url}/api/events`, credential: new AzureKeyCredential("key") },
    identity: {
      credential: {
        getToken: async (scope) => ({ token: `for ${String(scope)}`, expiresOnTimestamp: 0 }),
      },
      scope: "api://hubless/.default",
    },
    windowMilliseconds: 50,
    log: { info: () => {}, warn: (message) => void warnings.push(message) },
    ...more,
  });
  relays.push(started);
  return started;
}

const serviceExport = (name: string, more: Readonly<Record<string, unknown>> = {}): KubeThing => ({
  metadata: {
    namespace: "demo",
    name,
    uid: `export-${name}`,
    generation: 1,
    creationTimestamp: noon,
    ...more,
  },
});
const service = (name: string, spec: Readonly<Record<string, unknown>> = {}): KubeThing => ({
  metadata: { namespace: "demo", name, uid: `service-${name}` },
  spec: { type: "LoadBalancer", ports: [{ name: "http", port: 80 }], ...spec },
  status: { loadBalancer: { ingress: [{ ip: "203.0.113.1" }] } },
});
const slice = (name: string, of: string, ready: readonly (boolean | undefined)[]): KubeThing => ({
  metadata: { namespace: "demo", name, labels: { "kubernetes.io/service-name": of } },
  addressType: "IPv4",
  endpoints: ready.map((each) => ({ addresses: ["10.0.0.1"], conditions: { ready: each } })),
});

function exportAll(name: string): void {
  kube.put(paths.services, service(name));
  kube.put(paths.slices, slice(`${name}-1`, name, [true, true]));
  kube.put(paths.exports, serviceExport(name));
}

const snapshotsOf = (name: string): readonly SnapshotEvent[] =>
  events.filter((each): each is SnapshotEvent => each.kind === "snapshot" && each.name === name);
const last = (name: string) => snapshotsOf(name).at(-1);
const ready = (name: string) => last(name)?.export?.readyEndpoints;
const validOf = (name: string) => {
  const status = kube.read(paths.exports, "demo", name)?.["status"];
  return (status as { readonly conditions?: readonly object[] } | undefined)?.conditions?.[0];
};
const soon = { timeout: 5_000, interval: 10 };

test("tells what there is, once all of it was seen", async () => {
  for (const name of ["web", "api", "db"]) exportAll(name);
  await relay();
  await expect.poll(() => events.length, soon).toBe(4);
  expect(last("web")).toMatchObject({
    cluster: clusterArmId("aks-1"),
    token: "for api://hubless/.default",
    namespace: "demo",
    export: {
      uid: "export-web",
      createdAt: noon,
      validity: "ServiceIsValid",
      weight: 1,
      readyEndpoints: 2,
      service: {
        uid: "service-web",
        type: "LoadBalancer",
        ports: [{ name: "http", protocol: "TCP", port: 80 }],
        ingress: ["203.0.113.1"],
        internal: false,
        sessionAffinity: "None",
      },
    },
  });
  const listing = events.find(({ kind }) => kind === "listing");
  expect(listing).toMatchObject({ exports: ["demo/web", "demo/api", "demo/db"] });
});

test("tells endpoints that come and go, a weight, and the end of an export", async () => {
  exportAll("web");
  await relay();
  await expect.poll(() => ready("web"), soon).toBe(2);
  kube.put(paths.slices, slice("web-2", "web", [true, false, undefined]));
  await expect.poll(() => ready("web"), soon).toBe(4);
  kube.remove(paths.slices, "demo", "web-1");
  await expect.poll(() => ready("web"), soon).toBe(2);
  const annotations = { "networking.fleet.azure.com/weight": "7" };
  kube.put(paths.exports, serviceExport("web", { annotations }));
  await expect.poll(() => last("web")?.export?.weight, soon).toBe(7);
  kube.remove(paths.exports, "demo", "web");
  await expect.poll(() => last("web")?.export, soon).toBeNull();
  const sequences = snapshotsOf("web").map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
});

test("tells nothing of other Services, nor of changes that change nothing", async () => {
  exportAll("web");
  await relay();
  await expect.poll(() => events.length, soon).toBe(2);
  kube.put(paths.services, service("other"));
  kube.put(paths.slices, slice("other-1", "other", [true]));
  kube.put(paths.services, { ...service("web"), metadata: { ...service("web").metadata, x: 1 } });
  kube.put(paths.services, service("last"));
  kube.put(paths.exports, serviceExport("last"));
  await expect.poll(() => last("last"), soon).toBeDefined();
  expect(events).toHaveLength(3);
});

test("many changes become at most one event a window, and one before, with the last state", async () => {
  const windowMilliseconds = 400;
  exportAll("web");
  await relay({ windowMilliseconds });
  await expect.poll(() => ready("web"), soon).toBe(2);
  await new Promise((done) => setTimeout(done, windowMilliseconds + 50));
  const told = snapshotsOf("web").length;
  const since = performance.now();
  for (let pods = 3; pods <= 30; pods++) {
    kube.put(paths.slices, slice("web-1", "web", Array(pods).fill(true)));
    await new Promise((done) => setTimeout(done, 5));
  }
  await expect.poll(() => ready("web"), soon).toBe(30);
  const windows = Math.ceil((performance.now() - since) / windowMilliseconds);
  expect(snapshotsOf("web").length - told).toBeLessThanOrEqual(1 + windows);
});

test.each([
  ["a valid export", {}, "True", "ServiceIsValid"],
  ["a headless Service", { clusterIP: "None" }, "False", "ServiceIneligible"],
  ["an ExternalName", { type: "ExternalName" }, "False", "ServiceIneligible"],
])("writes the condition of %s into the member, once", async (_name, spec, status, reason) => {
  kube.put(paths.services, service("web", spec));
  kube.put(paths.exports, serviceExport("web"));
  await relay();
  const want = { type: "Valid", status, reason, observedGeneration: 1 };
  await expect.poll(() => validOf("web"), soon).toMatchObject(want);
  kube.put(paths.slices, slice("web-1", "web", [true]));
  await expect.poll(() => ready("web"), soon).toBe(1);
  expect(kube.requests.filter((each) => each.startsWith("PATCH"))).toHaveLength(1);
});

test("says when the Service is missing, and when it comes", async () => {
  kube.put(paths.exports, serviceExport("web"));
  await relay();
  await expect.poll(() => validOf("web"), soon).toMatchObject({ reason: "ServiceNotFound" });
  await expect.poll(() => last("web")?.export?.validity, soon).toBe("ServiceNotFound");
  kube.put(paths.services, service("web"));
  await expect.poll(() => validOf("web"), soon).toMatchObject({ status: "True" });
  await expect.poll(() => last("web")?.export?.service, soon).toBeDefined();
});

test("a condition that cannot be written is written later", async () => {
  exportAll("web");
  kube.refuse(/^PATCH/, 500, 1);
  await relay();
  await expect.poll(() => validOf("web"), soon).toMatchObject({ status: "True" });
  expect(warnings.some((each) => each.includes("Cannot write the condition"))).toBe(true);
});

test("a topic that is away gets only the newest snapshot, once it is back", async () => {
  exportAll("web");
  topicAnswers = [503, 500, 429];
  await relay();
  await expect.poll(() => topicRequests, soon).toBeGreaterThan(0);
  kube.put(paths.slices, slice("web-1", "web", [true]));
  await expect.poll(() => ready("web"), soon).toBe(1);
  expect(snapshotsOf("web")).toHaveLength(1);
  expect(warnings.some((each) => each.includes("Cannot publish"))).toBe(true);
});

test("a broken watch is taken up where it ended, without a list", async () => {
  exportAll("web");
  await relay();
  await expect.poll(() => ready("web"), soon).toBe(2);
  const lists = () => kube.requests.filter((each) => each === `GET ${paths.slices}`).length;
  const before = lists();
  kube.breakWatches();
  kube.put(paths.slices, slice("web-1", "web", [true]));
  await expect.poll(() => ready("web"), soon).toBe(1);
  expect(lists()).toBe(before);
});

test("a server that has forgotten is listed again, and what is gone is told", async () => {
  for (const name of ["web", "api"]) exportAll(name);
  await relay();
  await expect.poll(() => ready("web"), soon).toBe(2);
  kube.put(paths.slices, slice("web-1", "web", []));
  kube.remove(paths.exports, "demo", "api");
  kube.forget();
  await expect.poll(() => ready("web"), soon).toBe(0);
  await expect.poll(() => last("api")?.export, soon).toBeNull();
});

test("an API server that refuses is asked again, and nothing is told before", async () => {
  exportAll("web");
  kube.refuse(/services$/, 503, 2);
  await relay();
  await expect.poll(() => last("web"), soon).toBeDefined();
  expect(snapshotsOf("web").map((each) => each.export?.validity)).toEqual(["ServiceIsValid"]);
});

test("all is told again from time to time, with the same sequence", async () => {
  exportAll("web");
  await relay({ repeatSeconds: 0.2 });
  await expect.poll(() => snapshotsOf("web").length, soon).toBeGreaterThan(2);
  expect(new Set(snapshotsOf("web").map(({ sequence }) => sequence)).size).toBe(1);
  expect(events.filter(({ kind }) => kind === "listing").length).toBeGreaterThan(1);
});

test("a relay that starts later has a greater epoch, whatever its clock says", async () => {
  exportAll("web");
  const first = await relay();
  await expect.poll(() => last("web"), soon).toBeDefined();
  await first.stop();
  const lease = kube.read("/apis/coordination.k8s.io/v1/leases", "kube-system", "hubless-relay");
  if (lease === undefined) throw new Error("There must be a lease");
  const ahead = Date.now() + 3_600_000;
  const annotations = { "networking.fleet.azure.com/relay-epoch": String(ahead) };
  kube.put("/apis/coordination.k8s.io/v1/leases", {
    ...lease,
    metadata: { ...lease.metadata, annotations },
  });
  events = [];
  await relay();
  await expect.poll(() => last("web")?.epoch, soon).toBe(ahead + 1);
});

test("a stopped relay asks and tells nothing more", async () => {
  exportAll("web");
  const started = await relay();
  await expect.poll(() => last("web"), soon).toBeDefined();
  await started.stop();
  const before = { requests: kube.requests.length, events: events.length };
  kube.put(paths.slices, slice("web-1", "web", []));
  await new Promise((done) => setTimeout(done, 1_500));
  expect({ requests: kube.requests.length, events: events.length }).toEqual(before);
});
