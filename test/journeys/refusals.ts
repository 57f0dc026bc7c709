/** What a refusal looks like at each face, that it changed nothing, and that it tells no secret. */
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { type Answer, type Ask, asker, fleetIdOf, tokenOf } from "./ask.ts";
import type { Laptop } from "./laptop.ts";

interface Status {
  readonly message: string;
  readonly reason: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string }[] };
}

/** `422 Invalid spec.policy`: code, reason and fields of the `Status` that the answer must be. */
export function statusLine({ status, headers, body }: Answer): string {
  expect(body).toMatchObject({ kind: "Status", apiVersion: "v1", status: "Failure", code: status });
  expect(headers.get("content-type")).toBe("application/json");
  const { message, reason, details } = body as Status;
  expect(message).toMatch(/\w/);
  const fields = (details?.causes ?? []).map(({ field = "" }) => field);
  return [status, reason, ...fields].join(" ").trim();
}

/** The sentence of a Kubernetes `Status`. */
export const messageOf = ({ body }: Answer): string => (body as Status).message;

interface ArmBody {
  readonly error: { readonly code: string; readonly message: string; readonly target?: string };
}

/** `400 InvalidParameter properties.group`: status, code and target of the error it must be. */
export function armLine({ status, headers, body }: Answer): string {
  expect(Object.keys(body as ArmBody)).toEqual(["error"]);
  const { code, message, target = "" } = (body as ArmBody).error;
  expect(message).toMatch(/\w/);
  expect(headers.get("x-ms-error-code")).toBe(code);
  expect(headers.get("x-ms-request-id")).toMatch(/^[-0-9a-f]{36}$/);
  return `${status} ${code} ${target}`.trim();
}

/** A face of the laptop's fleet, asked for what it must refuse. */
export interface Face {
  readonly ask: Ask;
  /** Asks, and fails when anything changed by it or the answer tells a secret. */
  readonly refuse: Ask;
}

const faceOf = (laptop: Laptop, ask: Ask): Face => ({
  ask,
  refuse: async (line, sent) => await harmless(laptop, async () => await ask(line, sent)),
});

export async function hubFace(laptop: Laptop): Promise<Face> {
  return faceOf(laptop, asker(laptop.endpoints.hub, await tokenOf(laptop)));
}

/** Takes "updateRuns/run-1", "../fleet-2", and "" for the fleet; adds the api-version. */
export async function adminFace(laptop: Laptop): Promise<Face> {
  const base = `${laptop.endpoints.admin}${fleetIdOf(laptop)}`;
  const asks = asker(base, await tokenOf(laptop));
  return faceOf(laptop, async (line, sent) => await asks(withVersion(line), sent));
}

/** Takes the name of a function, such as "POST on-cluster-event", and its event or events. */
export function eventsFace(laptop: Laptop, key?: string): Face {
  const { url, keys } = laptop.cloud.host();
  const code = key ?? keys.system["eventgrid_extension"] ?? "";
  const asks = asker(`${url}/runtime/webhooks`, "");
  return faceOf(laptop, async (line, sent = {}) => {
    const [method, name] = line.split(" ");
    const headers = { "aeg-event-type": "Notification", ...sent.headers };
    const path = `eventgrid?functionName=${name}&code=${code}`;
    return await asks(`${method} ${path}`, { ...sent, token: null, headers });
  });
}

const apiVersion = "api-version=2026-02-01";

function withVersion(line: string): string {
  if (line.includes("api-version") || line.endsWith("?")) return line;
  return `${line}${line.includes("?") ? "&" : "?"}${apiVersion}`;
}

/** Does what must change nothing, and fails when anything changed or the answer tells a secret. */
async function harmless(laptop: Laptop, ask: () => Promise<Answer>): Promise<Answer> {
  const before = await stateOf(laptop);
  const answer = await ask();
  expect(await stateOf(laptop), "nothing changed").toEqual(before);
  tellsNoSecret(laptop, answer);
  return answer;
}

interface State {
  /** Of the fleet's log: grows with each change of a document. */
  readonly revision: string;
  readonly fleets: readonly string[];
}

export async function stateOf(laptop: Laptop): Promise<State> {
  const { endpoints } = laptop;
  const token = await tokenOf(laptop);
  const list = await asker(endpoints.hub, token)("GET api/v1/namespaces?limit=1");
  const { metadata } = list.body as { readonly metadata: { readonly resourceVersion: string } };
  const [collection = ""] = fleetIdOf(laptop).split(/\/fleet-1$/);
  const fleets = await asker(endpoints.admin, token)(`GET ${collection}?${apiVersion}`);
  const { value } = fleets.body as { readonly value: readonly { readonly id: string }[] };
  return { revision: metadata.resourceVersion, fleets: value.map(({ id }) => id) };
}

/** Longer than the change feed and a queue are polled: what follows a change has happened. */
const quietMilliseconds = 4_000;

/** Waits until nothing changes any more, and returns how things are then. */
export async function quietState(laptop: Laptop): Promise<State> {
  let last = await stateOf(laptop);
  let since = performance.now();
  while (performance.now() - since < quietMilliseconds) {
    await delay(250);
    const state = await stateOf(laptop);
    if (state.revision !== last.revision) since = performance.now();
    last = state;
  }
  return last;
}

/** Where code is, and where an error was thrown. */
const insides = /\n\s+at |node_modules|\.[cm]?[jt]s:\d|file:\/\/|\/shared\/|\/functions\//;

/** What a token begins with. */
export const token = /eyJ[\w-]{20}/;

function tellsNoSecret(laptop: Laptop, { text, headers }: Answer): void {
  const told = `${text}\n${JSON.stringify([...headers])}`;
  expect(told).not.toMatch(insides);
  expect(told).not.toMatch(token);
  for (const secret of secretsOf(laptop)) expect(told).not.toContain(secret);
}

function secretsOf({ cloud, endpoints }: Laptop): readonly string[] {
  const { product, person } = cloud.identities;
  const { keys } = cloud.host();
  return [
    dirname(endpoints.kubeconfig),
    product.clientSecret,
    person.clientSecret,
    endpoints.eventGridKey,
    cloud.cosmos.key,
    keys.master,
    ...Object.values(keys.system),
  ];
}
