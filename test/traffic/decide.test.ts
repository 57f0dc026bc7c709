import { expect, test } from "vitest";
import type { Condition } from "../../shared/lib/kube-object.ts";
import { decideService } from "../../shared/traffic/decide.ts";
import {
  type BalancerRecord,
  type BalancerSeen,
  balancerFinalizer,
  type MultiClusterService,
} from "../../shared/traffic/model.ts";
import { hashOf, type ServiceToDecide } from "../../shared/traffic/verdict.ts";
import {
  after,
  exported,
  exporter,
  globalBalancer,
  http,
  ids,
  importOf,
  loadBalancer,
  mcs,
  publicIp,
  service,
  tags,
  toDecide,
} from "./exports.ts";

const plan = (seen: ServiceToDecide) => {
  const decided = decideService(seen);
  const [write] = decided.writes;
  const body = write?.kind === "replace" ? (write.body as MultiClusterService) : seen.document.body;
  const programmed = body.status?.conditions?.find(({ type }) => type === "Programmed");
  return { ...decided, body, programmed, asks: decided.actions.map(({ kind }) => kind).join(" ") };
};

const record: BalancerRecord = { ...ids, location: "westeurope", members: ["aks-1", "aks-2"] };
const both: BalancerSeen = {
  publicIp: publicIp(),
  loadBalancer: loadBalancer(["aks-1", "aks-2"]),
};
const foreign = { "hubless-fleet": "another" };
const ill = exporter("aks-2", { export: exported({ readyEndpoints: 0 }) });
const sctp = { name: "sig", protocol: "SCTP", port: 9000 } as const;

interface Case {
  readonly name: string;
  readonly seen: Partial<ServiceToDecide>;
  readonly asks: string;
  readonly reason: string;
  readonly message?: string;
  readonly address?: string;
}

const cases: readonly Case[] = [
  {
    name: "waits for an import",
    seen: { import: undefined, exporters: [] },
    asks: "",
    reason: "NoBackends",
    message: "No cluster exports the service",
  },
  {
    name: "makes nothing while no member can be a backend",
    seen: {
      import: importOf(["aks-1"]),
      exporters: [
        exporter("aks-1", { export: exported({ service: service({ type: "ClusterIP" }) }) }),
      ],
    },
    asks: "",
    reason: "NoBackends",
    message: '"aks-1": Service is of type ClusterIP: must be LoadBalancer',
  },
  { name: "asks for an address first", seen: {}, asks: "ensure-public-ip", reason: "Pending" },
  {
    name: "waits for the address",
    seen: { balancer: { publicIp: publicIp({ provisioningState: "Updating" }) } },
    asks: "",
    reason: "Pending",
  },
  {
    name: "asks again for an address that failed",
    seen: { balancer: { publicIp: publicIp({ provisioningState: "Failed" }) } },
    asks: "ensure-public-ip",
    reason: "Pending",
  },
  {
    name: "asks for a load balancer once there is an address",
    seen: { balancer: { publicIp: publicIp() } },
    asks: "ensure-load-balancer",
    reason: "Pending",
  },
  {
    name: "waits while Azure carries out an earlier change, even if more is wanted",
    seen: {
      balancer: {
        ...both,
        loadBalancer: loadBalancer(["aks-1"], { provisioningState: "Updating" }),
      },
    },
    asks: "",
    reason: "Pending",
  },
  {
    name: "tells the address once the load balancer is as wanted",
    seen: { balancer: both },
    asks: "",
    reason: "Programmed",
    message: "Traffic goes to 2 clusters",
    address: "198.51.100.1",
  },
  {
    name: "asks again for a load balancer that failed",
    seen: {
      balancer: {
        ...both,
        loadBalancer: loadBalancer(["aks-1", "aks-2"], { provisioningState: "Failed" }),
      },
    },
    asks: "ensure-load-balancer",
    reason: "Pending",
  },
  {
    name: "takes an unhealthy backend out",
    seen: { balancer: both, exporters: [exporter("aks-1"), ill] },
    asks: "ensure-load-balancer",
    reason: "Pending",
  },
  {
    name: "says who is out, and why",
    seen: {
      balancer: { ...both, loadBalancer: loadBalancer(["aks-1"]) },
      exporters: [exporter("aks-1"), ill],
    },
    asks: "",
    reason: "Programmed",
    message: 'Traffic goes to 1 cluster; "aks-2": no endpoint is ready',
    address: "198.51.100.1",
  },
  {
    name: "corrects what somebody else changed",
    seen: {
      balancer: {
        ...both,
        loadBalancer: loadBalancer(["aks-1", "aks-2"], { hasForeignParts: true }),
      },
    },
    asks: "ensure-load-balancer",
    reason: "Pending",
  },
  {
    name: "leaves a load balancer alone that is not the fleet's",
    seen: {
      balancer: {
        ...both,
        loadBalancer: loadBalancer([], { balancer: globalBalancer([], { tags: foreign }) }),
      },
    },
    asks: "",
    reason: "NameTaken",
  },
  {
    name: "leaves an address alone that is not the fleet's",
    seen: { balancer: { publicIp: publicIp({ tags: foreign }) } },
    asks: "",
    reason: "NameTaken",
  },
  {
    name: "keeps the load balancer and its address when the last export is gone",
    seen: { import: undefined, exporters: [], balancer: both },
    asks: "ensure-load-balancer",
    reason: "Pending",
  },
  {
    name: "refuses a service without a port that Azure balances",
    seen: { import: importOf(["aks-1"], [sctp]) },
    asks: "",
    reason: "InvalidPorts",
  },
  {
    name: "balances what it can beside SCTP",
    seen: { import: importOf(["aks-1", "aks-2"], [http, sctp]), balancer: both },
    asks: "",
    reason: "Programmed",
    message: "Traffic goes to 2 clusters; port 9000/SCTP is left out: must be TCP or UDP",
    address: "198.51.100.1",
  },
  {
    name: "refuses an internal load balancer",
    seen: {
      document: mcs({
        metadata: {
          annotations: { "networking.fleet.azure.com/azure-load-balancer-internal": "true" },
        },
      }),
    },
    asks: "",
    reason: "InternalUnsupported",
  },
];

test.each(cases)("a MultiClusterService $name", ({ seen, asks, reason, message, address }) => {
  const decided = plan(toDecide(seen));
  expect(decided.asks).toBe(asks);
  expect(decided.programmed?.reason).toBe(reason);
  if (message !== undefined) expect(decided.programmed?.message).toBe(message);
  expect(decided.body.status?.loadBalancer?.ingress?.[0]?.ip).toBe(address);
});

test.each(cases)("decides the same again, and saves nothing, when it $name", ({ seen, asks }) => {
  const first = toDecide(seen);
  const { body } = plan(first);
  const again = decideService({ ...first, document: { ...first.document, body }, now: after(1) });
  expect(again.writes).toEqual([]);
  expect(again.actions.map(({ kind }) => kind).join(" ")).toBe(asks);
});

test("saves the names, the finalizer and what it is found by before anything is asked", () => {
  const { body, writes, asks, wakeAt } = plan(toDecide());
  expect(asks).toBe("ensure-public-ip");
  expect(body.balancer).toEqual({ ...record, pendingSince: toDecide().now });
  expect(body.metadata.finalizers).toEqual([balancerFinalizer]);
  expect(writes[0]).toMatchObject({
    refs: [
      "export:demo/web",
      `azure:${ids.loadBalancerId.toLowerCase()}`,
      `azure:${ids.publicIpId.toLowerCase()}`,
      "member:aks-1",
      "member:aks-2",
    ],
  });
  expect(wakeAt).toBe(after(2));
});

test("writes with the ETag that was seen, keeps the tags of others and where it is", () => {
  const seen = globalBalancer(["aks-1"], { location: "uksouth", tags: { ...tags, cost: "42" } });
  const [action] = decideService(
    toDecide({ balancer: { ...both, loadBalancer: loadBalancer([], { balancer: seen }) } }),
  ).actions;
  expect(action).toMatchObject({
    kind: "ensure-load-balancer",
    etag: '"7"',
    wanted: { location: "uksouth", tags: { ...tags, cost: "42" } },
  });
});

test("a tag that a policy adds, the order of parts and the case of ids change nothing", () => {
  const { pools, ...rest } = globalBalancer(["aks-2", "aks-1"]);
  const balancer = {
    ...rest,
    tags: { ...tags, policy: "on" },
    publicIpId: ids.publicIpId.toUpperCase(),
    pools: pools.map((pool) => ({
      ...pool,
      backends: pool.backends.map((each) => ({
        ...each,
        frontendId: each.frontendId.toUpperCase(),
      })),
    })),
  };
  const seen = toDecide({ balancer: { ...both, loadBalancer: loadBalancer([], { balancer }) } });
  expect(plan(seen).programmed?.reason).toBe("Programmed");
});

test("an address stays told while traffic cannot be changed", () => {
  const status = { loadBalancer: { ingress: [{ ip: "198.51.100.1" }] } };
  const document = mcs({ balancer: record, status });
  const { body } = plan(toDecide({ document, import: undefined, exporters: [], balancer: both }));
  expect(body.status?.loadBalancer).toEqual(status.loadBalancer);
});

test("without exports it says so on a load balancer that sends traffic nowhere", () => {
  const empty = globalBalancer([], { pools: [], rules: [] });
  const balancer = { ...both, loadBalancer: loadBalancer([], { balancer: empty }) };
  const decided = plan(toDecide({ import: undefined, exporters: [], balancer }));
  expect(decided.asks).toBe("");
  expect(decided.programmed).toMatchObject({ status: "False", reason: "NoBackends" });
});

const [refusedAction] = decideService(toDecide({ balancer: { publicIp: publicIp() } })).actions;
const refusal = {
  reason: "Refused",
  message: "AuthorizationFailed: no",
  of: refusedAction === undefined ? "" : hashOf(refusedAction),
  until: after(300),
} as const;
const refused = (more: Partial<NonNullable<BalancerRecord["refusal"]>> = {}) =>
  mcs({
    balancer: { ...record, pendingSince: after(0), refusal: { ...refusal, ...more } },
  });

test.each<[string, Partial<ServiceToDecide>, string, string, Condition["status"]]>([
  ["is not asked again at once", {}, "", "Refused", "False"],
  ["is asked again after a while", { now: after(301) }, "ensure-load-balancer", "Refused", "False"],
  [
    "does not hold up something else",
    { import: importOf(["aks-1"]), exporters: [exporter("aks-1")] },
    "ensure-load-balancer",
    "Pending",
    "Unknown",
  ],
])("what Azure refused %s", (_name, seen, asks, reason, status) => {
  const balancer = { publicIp: publicIp() };
  const decided = plan(toDecide({ document: refused(), balancer, ...seen }));
  expect(decided.asks).toBe(asks);
  expect(decided.programmed).toMatchObject({ reason, status });
});

test("a busy Azure is asked nothing until it said, whatever is wanted", () => {
  const { of: _, ...throttled } = refusal;
  const document = mcs({
    balancer: { ...record, pendingSince: after(0), refusal: { ...throttled, reason: "Throttled" } },
  });
  const decided = plan(
    toDecide({ document, balancer: { publicIp: publicIp() }, exporters: [exporter("aks-1")] }),
  );
  expect(decided.asks).toBe("");
  expect(decided.programmed).toMatchObject({ reason: "Throttled", status: "Unknown" });
  expect(decided.wakeAt).toBe(after(300));
});

const deleted = (finalizers: readonly string[]) =>
  mcs({ metadata: { deletionTimestamp: after(0), finalizers }, balancer: record });

test.each<[string, BalancerSeen, string]>([
  ["its load balancer first", both, ids.loadBalancerId],
  ["its address when the load balancer is gone", { publicIp: publicIp() }, ids.publicIpId],
])("a deleted MultiClusterService removes %s", (_name, balancer, id) => {
  const document = deleted([balancerFinalizer]);
  const { actions } = decideService(toDecide({ document, balancer }));
  expect(actions).toMatchObject([{ kind: "remove", id }]);
});

test("a deleted MultiClusterService waits while Azure deletes", () => {
  const loadBalancerGoing = loadBalancer([], { provisioningState: "Deleting" });
  const document = deleted([balancerFinalizer]);
  const decided = decideService(
    toDecide({ document, balancer: { ...both, loadBalancer: loadBalancerGoing } }),
  );
  expect(decided.actions).toEqual([]);
  expect(decided.wakeAt).toBe(after(2));
});

test("a deleted MultiClusterService never touches what is not the fleet's", () => {
  const balancer = {
    publicIp: publicIp({ tags: foreign }),
    loadBalancer: loadBalancer([], { balancer: globalBalancer([], { tags: foreign }) }),
  };
  const decided = decideService(toDecide({ document: deleted([balancerFinalizer]), balancer }));
  expect(decided.actions).toEqual([]);
  expect(decided.writes.map(({ kind }) => kind)).toEqual(["delete"]);
});

test("a deleted MultiClusterService is let go by us, and held by others", () => {
  const document = deleted([balancerFinalizer, "contoso.com/keep"]);
  const [write] = decideService(toDecide({ document })).writes;
  expect(write).toMatchObject({
    kind: "replace",
    body: { metadata: { finalizers: ["contoso.com/keep"] } },
  });
  const later = toDecide({ document: deleted(["contoso.com/keep"]) });
  expect(decideService(later).writes).toEqual([]);
});
