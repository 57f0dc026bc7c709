/** What a member's nodes and pods add up to, also of one that does not play fair. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { kubernetesMembers } from "../../../shared/azure/kubernetes-members.ts";
import { UnreachableError } from "../../../shared/azure/members/unreachable-error.ts";
import { seeUsage } from "../../../shared/azure/members/usage.ts";
import { clusterIdOf, type UsageSeen } from "../../../shared/fleet/model.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { clusterArmId } from "../../builders.ts";
import { type Intercept, type MemberApiServer, startMemberApi } from "./member-api.ts";

let api: MemberApiServer;

beforeAll(async () => {
  api = await startMemberApi();
});
afterAll(async () => await api.close());
beforeEach(() => {
  api.requests.length = 0;
  api.intercept = () => undefined;
});

async function see(kubeconfigOf = async () => api.kubeconfig()): Promise<UsageSeen> {
  const members = kubernetesMembers({
    credentials: { kubeconfigOf },
    credential: { getToken: async () => null },
  });
  return await members.usage(clusterIdOf(clusterArmId("aks-1")));
}

const json = (body: JsonObject, status = 200) => new Response(JSON.stringify(body), { status });

const nodeOf = (amounts: Json): JsonObject => ({
  status: { capacity: amounts, allocatable: amounts },
});

const podOf = (cpu: Json, memory: Json): JsonObject => ({
  spec: {
    nodeName: "n",
    containers: [{ resources: { requests: { cpu, memory } } }],
  },
});

/** A cluster of these nodes and pods, in one page each. */
const cluster =
  (nodes: Json, pods: Json = []): Intercept =>
  (request) =>
    json({ items: new URL(request.url).pathname.endsWith("/nodes") ? nodes : pods });

const four = { cpu: "4", memory: "16374384Ki" };

test("nodes are counted, and what unfinished pods on them ask for is taken off", async () => {
  for (const name of ["n1", "n2"]) {
    await api.ask("POST", "/api/v1/nodes", { metadata: { name } });
    await api.ask("PATCH", `/api/v1/nodes/${name}/status`, {
      status: { capacity: four, allocatable: { cpu: "3860m", memory: "14162352Ki" } },
    });
  }
  const pods: readonly (readonly [name: string, phase: string, nodeName: string])[] = [
    ["runs", "Running", "n1"],
    ["starts", "Pending", "n2"],
    ["waits", "Pending", ""],
    ["is-done", "Succeeded", "n1"],
    ["failed", "Failed", "n1"],
  ];
  await api.ask("POST", "/api/v1/namespaces", { metadata: { name: "demo" } });
  for (const [name, phase, nodeName] of pods) {
    const requests = { cpu: "250m", memory: "1Gi" };
    await api.ask("POST", "/api/v1/namespaces/demo/pods", {
      metadata: { name },
      spec: {
        ...(nodeName !== "" && { nodeName }),
        containers: [{ name: "web", image: "nginx", resources: { requests } }],
      },
    });
    await api.ask("PATCH", `/api/v1/namespaces/demo/pods/${name}/status`, { status: { phase } });
  }
  expect(await see()).toEqual({
    kind: "seen",
    nodeCount: 2,
    capacity: { cpu: "8", memory: "32748768Ki" },
    allocatable: { cpu: "7720m", memory: "28324704Ki" },
    available: { cpu: "7220m", memory: "26227552Ki" },
  });
  const unfinished = encodeURIComponent("status.phase!=Succeeded,status.phase!=Failed");
  expect(api.requests).toEqual([
    "GET /api/v1/nodes?limit=500",
    `GET /api/v1/pods?limit=500&fieldSelector=${unfinished.replaceAll("!", "%21")}`,
  ]);
});

test("a cluster without nodes has nothing", async () => {
  api.intercept = cluster([]);
  const none = { cpu: "0", memory: "0" };
  const usage = { capacity: none, allocatable: none, available: none };
  expect(await see()).toEqual({ kind: "seen", nodeCount: 0, ...usage });
});

test("more asked for than there is leaves nothing, not less", async () => {
  api.intercept = cluster([nodeOf(four)], [podOf("5", "1Gi"), podOf("1", "100Gi")]);
  expect(await see()).toMatchObject({ available: { cpu: "0", memory: "0" } });
});

test.each<[name: string, amounts: Json]>([
  ["no object", "4"],
  ["null", null],
  ["a list", [4]],
  ["no quantities", { cpu: "four", memory: "" }],
  ["below zero", { cpu: "-4", memory: -1 }],
  ["of other types", { cpu: { cpu: 1 }, memory: true }],
  ["too long", { cpu: "9".repeat(200), memory: `1${"0".repeat(200)}` }],
])("amounts that are %s count as none, and others are added", async (_name, amounts) => {
  const pod = { spec: { nodeName: "n", containers: [{ resources: { requests: amounts } }] } };
  api.intercept = cluster([nodeOf(amounts), nodeOf(four)], [pod]);
  expect(await see()).toMatchObject({ nodeCount: 2, capacity: four, available: four });
});

test("numbers, exponents and fractions are quantities too", async () => {
  const odd = [nodeOf({ cpu: 2, memory: 2048 }), nodeOf({ cpu: "1.5", memory: "1e6" })];
  api.intercept = cluster(odd, [podOf("100u", "1500m")]);
  expect(await see()).toMatchObject({
    allocatable: { cpu: "3500m", memory: "978Ki" },
    available: { cpu: "3499m", memory: "978Ki" },
  });
});

test("what is larger than any quantity is taken for the largest", async () => {
  api.intercept = cluster([nodeOf({ cpu: "1e99", memory: "1e99" })]);
  const capacity = { cpu: "9223372036854775807", memory: "9007199254740991Ki" };
  expect(await see()).toMatchObject({ capacity });
});

test("things that are no objects are no nodes and no pods", async () => {
  const items = [null, 1, "x", [], nodeOf(four)];
  api.intercept = cluster(items, [null, {}, { spec: 1 }, { spec: { nodeName: "n" } }]);
  expect(await see()).toMatchObject({ nodeCount: 1, available: four });
});

/** A list without end, a page of some objects after the other. */
const endless =
  (path: string, itemsPerPage: number): Intercept =>
  (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith(path)) return json({ items: [] });
    const page = Number(searchParams.get("continue") ?? "0") + 1;
    const items = Array.from({ length: itemsPerPage }, () => nodeOf(four));
    return json({ metadata: { continue: String(page) }, items });
  };

test("a long list is read page by page", async () => {
  const pages = endless("/nodes", 3);
  api.intercept = async (request) => {
    const answer = (await pages(request)) as Response;
    if (new URL(request.url).searchParams.get("continue") !== "4") return answer;
    return json({ metadata: { continue: "" }, items: [nodeOf(four)] });
  };
  expect(await see()).toMatchObject({ nodeCount: 13, capacity: { cpu: "52" } });
  expect(api.requests[1]).toBe("GET /api/v1/nodes?limit=500&continue=1");
});

test.each(["nodes", "pods"])("%s without end are given up", async (what) => {
  api.intercept = endless(`/${what}`, 1);
  const reason = `the API server has more ${what} than can be counted`;
  expect(await see()).toEqual({ kind: "unreachable", reason });
  expect(api.requests.filter((each) => each.includes(what))).toHaveLength(200);
});

test("a server that needs too long for all of it is given up, page or no page", async () => {
  let seconds = 0;
  let pages = 0;
  const now = vi.spyOn(performance, "now").mockImplementation(() => seconds * 1_000);
  const ask = async () => {
    pages += 1;
    seconds += 9;
    return { status: 200, body: { metadata: { continue: "more" }, items: [nodeOf(four)] } };
  };
  await expect(seeUsage({ ask })).rejects.toThrow("more nodes than can be counted");
  expect(pages).toBe(7);
  now.mockRestore();
  const hangs = async () => {
    throw new UnreachableError("the API server did not answer in 10 s", true);
  };
  await expect(seeUsage({ ask: hangs })).rejects.toThrow("did not answer in 10 s");
});

/** The connection breaks in the middle of the answer. */
function cut(): Response {
  const bytes = new TextEncoder().encode('{"items":[');
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(bytes),
      pull: (controller) => controller.error(new Error("cut")),
    }),
  );
}

const faults: readonly (readonly [name: string, answer: Intercept, reason: RegExp])[] = [
  ["is refused", () => json({ message: "forbidden" }, 403), /does not tell its \w+ \(403\): forb/],
  ["comes too often", () => json({ message: "slow down" }, 429), /\(429\): slow down/],
  ["fails", () => new Response("etcdserver: request timed out", { status: 500 }), /\(500\)/],
  ["is away", () => new Response("no backend", { status: 503 }), /\(503\)/],
  ["expired between two pages", () => json({ message: "too old" }, 410), /\(410\): too old/],
  ["is no JSON", () => new Response("<html>"), /\(200\): its list cannot be read/],
  ["has no items", () => json({ items: { a: 1 } }), /its list cannot be read/],
  ["breaks off", () => cut(), /cannot be reached/],
  ["hangs up", () => "hang-up", /cannot be reached/],
  ["is too large", () => new Response(`{"a":"${"x".repeat(17 << 20)}"}`), /more than \d+ bytes/],
  ["is asked by somebody unknown", () => json({}, 401), /does not accept our identity/],
];

test.each(["/nodes", "/pods"].flatMap((path) => faults.map((fault) => [path, ...fault] as const)))(
  "%s of a list that %s are not known, in part or at all",
  async (path, _name, answer, reason) => {
    const good = cluster([nodeOf(four)]);
    const start = endless(path, 2);
    api.intercept = async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (!pathname.endsWith(path)) return await good(request);
      return await (searchParams.get("continue") === "1" ? answer : start)(request);
    };
    const seen = await see();
    expect(seen.kind === "unreachable" ? seen.reason : seen.kind).toMatch(reason);
  },
);

test("ARM that gives no kubeconfig because it is busy is asked again by the engine", async () => {
  const busy = async () => {
    throw new FleetError("TooManyRequests", "busy");
  };
  await expect(see(busy)).rejects.toThrow("busy");
  const gone = async () => {
    throw new FleetError("Unavailable", "the cluster is stopped");
  };
  expect(await see(gone)).toEqual({ kind: "unreachable", reason: "the cluster is stopped" });
});
