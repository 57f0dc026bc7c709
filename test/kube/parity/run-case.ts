import type { Json } from "../../../shared/lib/kube-object.ts";
import { normalised, picked } from "./normalise.ts";
import type { Expectation, ParityCase, ParityRequest } from "./parity-case.ts";

/** A request with all its places filled in. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What is asked: our own API or a real kube-apiserver. */
export interface ParityServer {
  readonly ask: (request: RawRequest) => Promise<RawAnswer>;
  readonly close: () => Promise<void>;
}

/** A place that a case could not reach: its setup failed, so its answer would mean nothing. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

type Values = ReadonlyMap<string, Json>;

export interface CaseRun {
  readonly server: ParityServer;
  /** A namespace that no other case uses. */
  readonly namespace: string;
  /** Called between the setup and the request. */
  readonly beforeAsk?: () => Promise<void>;
}

/** Makes the namespace, takes the steps of the setup, asks, and tells the normalised answer. */
export async function runCase(parity: ParityCase, run: CaseRun): Promise<Expectation> {
  const { server, namespace } = run;
  const values = new Map<string, Json>();
  const born: ParityRequest = {
    request: "POST /api/v1/namespaces",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  };
  for (const step of [born, ...(parity.setup ?? [])]) {
    const raw = rawRequest(step, namespace, values);
    const answer = await server.ask(raw);
    if (answer.status >= 300) {
      const { method, path } = raw;
      const { name } = parity;
      throw new SetupError(`Cannot set up "${name}": ${method} ${path}: ${answer.text}`);
    }
    if ("as" in step && typeof step.as === "string") {
      values.set(step.as, JSON.parse(answer.text) as Json);
    }
  }
  await run.beforeAsk?.();
  const answer = await server.ask(rawRequest(parity.ask, namespace, values));
  return expectationOf(answer, parity, namespace);
}

function rawRequest(asked: ParityRequest, namespace: string, values: Values): RawRequest {
  const [method = "", ...rest] = filled(asked.request, namespace, values).split(" ");
  const body = bodyOf(asked, namespace, values);
  return {
    method,
    path: rest.join(" "),
    headers: {
      accept: asked.accept ?? "application/json",
      "user-agent": "parity/1.0",
      ...(body !== undefined && { "content-type": asked.type ?? "application/json" }),
    },
    ...(body !== undefined && { body }),
  };
}

function bodyOf(
  { body, repeat }: ParityRequest,
  namespace: string,
  values: Values,
): string | undefined {
  if (body === undefined) return undefined;
  const text = filled(typeof body === "string" ? body : JSON.stringify(body), namespace, values);
  return repeat === undefined ? text : text.replace("{repeat}", repeat.text.repeat(repeat.times));
}

const collections: Readonly<Record<string, string>> = {
  configmaps: "/api/v1/namespaces/{ns}/configmaps",
  secrets: "/api/v1/namespaces/{ns}/secrets",
  services: "/api/v1/namespaces/{ns}/services",
  deployments: "/apis/apps/v1/namespaces/{ns}/deployments",
  widgets: "/apis/parity.example.com/v1/namespaces/{ns}/widgets",
};

/** Puts in what `{…}` stands for; what stands for nothing is left as it is. */
function filled(text: string, namespace: string, values: Values): string {
  return text
    .replace(/\{(\w+)\}/g, (whole, name: string) => collections[name] ?? whole)
    .replaceAll("{ns}", namespace)
    .replace(/\{(\w+)\.([\w.]+)\}/g, (whole, step: string, path: string) => {
      const value = values.get(step);
      if (value === undefined) return whole;
      return String(picked(value, [path])[path]);
    });
}

function expectationOf(
  answer: RawAnswer,
  { pick, headers = [] }: ParityCase,
  namespace: string,
): Expectation {
  const body = jsonOf(answer.text);
  const shown = body === undefined ? undefined : normalised(body, namespace);
  const told = ["warning", ...headers].flatMap((name): [string, string][] => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, String(normalised(value, namespace))]];
  });
  return {
    status: answer.status,
    ...(told.length > 0 && { headers: Object.fromEntries(told) }),
    ...(shown !== undefined && { body: pick === undefined ? shown : picked(shown, pick) }),
  };
}

/** Text that is no JSON is compared as it is, a stream as the list of its lines. */
function jsonOf(text: string): Json | undefined {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) return undefined;
  try {
    const values = lines.map((line) => JSON.parse(line) as Json);
    return values.length === 1 ? values[0] : values;
  } catch {
    return parsedOrText(text);
  }
}

/** JSON over several lines, or no JSON at all. */
function parsedOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
