/** Events that are malformed, about something else, or forged. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listingType, snapshotType } from "../../shared/traffic/model.ts";
import { tokenOf } from "./ask.ts";
import { imported } from "./balancers.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { clusterId, sampleFleet } from "./members.ts";
import { eventsFace, type Face, quietState, stateOf, token } from "./refusals.ts";

let laptop: Laptop;
let events: Face;
beforeAll(async () => {
  laptop = await startLaptop();
  events = eventsFace(laptop);
  await sampleFleet(laptop, 2);
  await quietState(laptop);
}, 60_000);
afterAll(endLaptops);

const [east, other] = ["aks-eastus-1", "aks-eastus-2"];
const cluster = (name = east) => clusterId(laptop, name, "rg-eastus");

const rolled = "Microsoft.ContainerService.NodePoolRollingSucceeded";
const written = "Microsoft.Resources.ResourceWriteSuccess";

/** An event of Azure, in Event Grid's own schema. */
const azure = (eventType: string, topic: unknown, subject: unknown = "pool") => ({
  id: "1",
  eventType,
  topic,
  subject,
  eventTime: new Date().toISOString(),
  data: {},
  dataVersion: "1",
  metadataVersion: "1",
});

test.each<[name: string, key: () => string]>([
  ["no key", () => ""],
  ["a wrong key", () => "nonsense"],
  ["the key of HTTP functions", () => laptop.cloud.host().keys.host["default"] ?? ""],
])("events with %s are refused", async (_name, key) => {
  const body = [azure(rolled, cluster())];
  const answer = await eventsFace(laptop, key() || "-").refuse("POST on-cluster-event", { body });
  expect(answer.status).toBe(401);
  expect(answer.text).toBe("");
});

test.each<[name: string, line: string, status: number, body: unknown]>([
  ["JSON that ends early", "POST on-cluster-event", 400, "["],
  ["a number", "POST on-cluster-event", 400, 5],
  ["a list of texts", "POST on-member-event", 400, ["event"]],
  ["an event for no function", "POST on-nothing", 404, {}],
  ["an event for another kind of function", "POST on-wake", 404, {}],
])("%s is refused", async (_name, line, status, body) => {
  expect((await events.refuse(line, { body })).status).toBe(status);
});

test("a request that is neither a handshake nor events is refused", async () => {
  const headers = { "aeg-event-type": "Nonsense" };
  const answer = await events.refuse("POST on-cluster-event", { body: [], headers });
  expect(answer.status).toBe(400);
});

test.each<[name: string, event: object, field: string]>([
  ["without a type", { topic: "a", subject: "b" }, "eventType"],
  ["without a topic", { eventType: rolled, subject: "b" }, "topic"],
  ["whose subject is a number", azure(written, "a", 5), "subject"],
  ["with a long topic", azure(rolled, `/${"x".repeat(2_000)}`), "topic"],
])("an event of Azure %s fails, and names the field", async (_name, body, field) => {
  const answer = await events.refuse("POST on-cluster-event", { body });
  expect(answer.status).toBe(500);
  expect(answer.text).toContain(`"${field}"`);
});

test("events about other resources, and false ones, change nothing", async () => {
  const before = await stateOf(laptop);
  const subscription = `/subscriptions/${laptop.endpoints.subscriptionId}`;
  const network = `${subscription}/resourceGroups/rg-eastus/providers/Microsoft.Network`;
  const bodies = [
    azure("Microsoft.Storage.BlobCreated", "/blobServices/default", "/containers/a/blobs/b"),
    azure(written, subscription, `${network}/virtualNetworks/a`),
    azure(written, subscription, `${network}/loadBalancers/absent`),
    azure(written, subscription, `${network}/publicIPAddresses/..`),
    azure(written, subscription, subscription),
    azure(rolled, cluster("absent")),
    azure(rolled, cluster().replace(subscription, "/subscriptions/somebody-else")),
    azure(rolled, cluster("..")),
    azure(rolled, cluster("a%2Fb")),
    azure(rolled, cluster("a?b=c#d")),
    azure(rolled, clusterId(laptop, east, "..")),
    azure("Microsoft.Resources.ResourceDeleteSuccess", subscription, cluster()),
    { ...azure(rolled, cluster()), data: { text: "x".repeat(2e6) } },
    azure("Microsoft.ContainerService.ClusterUpgraded", cluster(), "1.99.9"),
  ];
  for (const body of bodies) {
    expect((await events.ask("POST on-cluster-event", { body: [body] })).status).toBe(202);
  }

  expect(await quietState(laptop)).toEqual(before);
  expect(await hostLog(), "ARM was asked about what can be").not.toContain("Cannot ask Azure");
}, 60_000);

const exported = {
  uid: "export-1",
  createdAt: "2026-11-21T09:00:00Z",
  validity: "ServiceIsValid",
  weight: 1,
  readyEndpoints: 2,
  service: {
    uid: "service-1",
    type: "LoadBalancer",
    ports: [{ name: "", protocol: "TCP", port: 80 }],
    ingress: ["20.0.0.1"],
    internal: false,
    sessionAffinity: "None",
  },
};

interface Told {
  readonly event?: object;
  readonly data?: object;
  /** Claims of its token in place of the relay's. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What a relay tells, with changes: a whole event that would be believed without them. */
async function told({ event, data, claims }: Told): Promise<object> {
  const identity = await relayIdentity(east);
  return {
    specversion: "1.0",
    id: "1",
    type: snapshotType,
    source: cluster(),
    subject: "/namespaces/shop/serviceexports/web",
    time: new Date().toISOString(),
    ...event,
    data: {
      cluster: cluster(),
      epoch: Date.now(),
      sequence: 5,
      observedAt: new Date().toISOString(),
      token: await tokenOf(laptop, { oid: identity, roles: [], ...claims }),
      export: exported,
      ...data,
    },
  };
}

async function relayIdentity(name: string): Promise<string> {
  const { identityProfile } = await laptop.aks.managedClusters.get("rg-eastus", name);
  return identityProfile?.["kubeletidentity"]?.objectId ?? "";
}

const hour = 3_600;
const seconds = () => Math.floor(Date.now() / 1000);

test.each<[name: string, why: string, change: () => Told | Promise<Told>]>([
  ["with what is no token", "not valid", () => ({ data: { token: "nonsense" } })],
  ["with an expired token", "expired", () => ({ claims: { exp: seconds() - hour } })],
  ["with a token for another API", "aud", () => ({ claims: { aud: "api://other" } })],
  ["with a token of another tenant", "iss", () => ({ claims: { iss: "https://other/v2.0" } })],
  [
    "of another member",
    "not the member's",
    async () => ({ claims: { oid: await relayIdentity(other) } }),
  ],
  [
    "of an administrator",
    "not the member's",
    () => ({ claims: { oid: laptop.cloud.identities.person.objectId, roles: ["Hubless.Admin"] } }),
  ],
  [
    "of the day after tomorrow",
    "in the future",
    () => ({ data: { epoch: Date.now() + 48 * hour * 1000 } }),
  ],
  [
    "with a token that somebody signed",
    "not valid",
    async () => ({ data: { token: await forged() } }),
  ],
])("a relay's event %s is not believed", async (_name, why, change) => {
  const body = await told(await change());
  expect((await events.refuse("POST on-member-event", { body })).status).toBe(202);
  const refusals = (await hostLog())
    .split("\n")
    .filter((line) => line.includes("Refused an event"));
  expect(refusals.at(-1)).toContain(why);
});

/** The relay's token with another signature. */
async function forged(): Promise<string> {
  const good = await tokenOf(laptop, { oid: await relayIdentity(east) });
  const other = await tokenOf(laptop, { oid: await relayIdentity(east), roles: [] });
  return [...good.split(".").slice(0, 2), other.split(".")[2]].join(".");
}

const withService = (service: object): Told => ({
  data: { export: { ...exported, service: { ...exported.service, ...service } } },
});
const many = (count: number) => Array.from({ length: count }, (_each, at) => `shop/web-${at}`);
const port = { name: "", protocol: "TCP", port: 1 };
const listed = (exports: readonly string[]): Told => ({
  event: { type: listingType },
  data: { exports },
});

test.each<[name: string, field: string, change: Told]>([
  ["without a token", "data.token", { data: { token: undefined } }],
  ["with a token that is too long", "data.token", { data: { token: "x".repeat(16_385) } }],
  ["of an epoch before all", "data.epoch", { data: { epoch: -1 } }],
  ["of another cluster than its source", "source", { event: { source: "/subscriptions/a" } }],
  ["about no export", "subject", { event: { subject: "/namespaces/shop" } }],
  [
    "about an export up the path",
    "subject",
    { event: { subject: "/namespaces/../serviceexports/a" } },
  ],
  ["of too many ports", "data.export.service.ports", withService({ ports: Array(101).fill(port) })],
  [
    "of an impossible port",
    "data.export.service.ports.0.port",
    withService({ ports: [{ ...port, port: 70_000 }] }),
  ],
  [
    "of an address that is a name",
    "data.export.service.ingress.0",
    withService({ ingress: ["a.example"] }),
  ],
  [
    "of a weight over 1000",
    "data.export.weight",
    { data: { export: { ...exported, weight: 1_001 } } },
  ],
  ["of too many exports", "data.exports", listed(many(501))],
  ["of an export that has no name", "data.exports.0", listed(["shop"])],
])("a relay's event %s fails, and names the field", async (_name, field, change) => {
  const answer = await events.refuse("POST on-member-event", { body: await told(change) });
  expect(answer.status).toBe(500);
  expect(answer.text).toContain(`"${field}"`);
});

test.each<[name: string, change: () => Told]>([
  ["of another type", () => ({ event: { type: "Contoso.Sensor.Read" } })],
  [
    "of a cluster that is no member",
    () => ({ event: { source: cluster("absent") }, data: { cluster: cluster("absent") } }),
  ],
])("an event %s is none of ours", async (_name, change) => {
  const body = await told(change());
  expect((await events.refuse("POST on-member-event", { body })).status).toBe(202);
});

test("a true event is believed; what is older or the same changes nothing after it", async () => {
  const event = (await told({})) as { data: { epoch: number } };
  expect((await events.ask("POST on-member-event", { body: event })).status).toBe(202);
  await quietState(laptop);
  await imported(laptop, { within: "shop", name: "web" }, [east]);

  const gone = { ...event.data, export: null };
  for (const data of [
    event.data,
    { ...gone, sequence: 5 },
    { ...gone, sequence: 4 },
    { ...gone, epoch: event.data.epoch - 1, sequence: 9 },
  ]) {
    const answer = await events.refuse("POST on-member-event", { body: { ...event, data } });
    expect(answer.status).toBe(202);
  }
  await imported(laptop, { within: "shop", name: "web" }, [east]);
}, 60_000);

test("the log has no token", async () => {
  expect(await hostLog()).not.toMatch(token);
});

async function hostLog(): Promise<string> {
  const folder = dirname(laptop.endpoints.kubeconfig);
  return await readFile(join(folder, "logs", "functions-host.log"), "utf8");
}
