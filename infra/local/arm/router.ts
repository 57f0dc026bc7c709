/** Finds the kind of the resource that a request is about, and answers it as ARM does. */
import type { LocalAnswer, LocalRequest } from "../tls/https-server.ts";
import { typeOf } from "./accept.ts";
import { ArmError, answerOf, badRequest, notFound } from "./arm-error.ts";
import type { Cloud } from "./cloud.ts";
import { parseArmPath } from "./path.ts";
import type { ArmAnswer, ArmRequest, Caller } from "./request.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { agentPool } from "./resources/agent-pool.ts";
import { backendAddressPool } from "./resources/backend-address-pool.ts";
import { kubernetesVersions } from "./resources/kubernetes-versions.ts";
import { loadBalancer, partKind } from "./resources/load-balancer.ts";
import { maintenanceConfiguration } from "./resources/maintenance-configuration.ts";
import { managedCluster } from "./resources/managed-cluster.ts";
import { operationKinds } from "./resources/operation-status.ts";
import { publicIpAddress } from "./resources/public-ip-address.ts";
import { resourceGroup, subscription } from "./resources/resource-group.ts";
import {
  availablePoolVersions,
  clusterUpgradeProfile,
  poolUpgradeProfile,
} from "./resources/upgrade-profile.ts";
import type { Throttle } from "./throttle.ts";

const kinds: readonly ResourceKind[] = [
  subscription,
  resourceGroup,
  managedCluster,
  agentPool,
  clusterUpgradeProfile,
  poolUpgradeProfile,
  availablePoolVersions,
  kubernetesVersions,
  maintenanceConfiguration,
  publicIpAddress,
  loadBalancer,
  backendAddressPool,
  partKind("frontendIPConfigurations"),
  partKind("loadBalancingRules"),
  partKind("probes"),
  ...operationKinds("Microsoft.ContainerService"),
  ...operationKinds("Microsoft.Network"),
];

const kindsByType = new Map(kinds.map((kind) => [kind.type.toLowerCase(), kind]));
const providers = new Set(kinds.map(({ type }) => type.split("/")[0]?.toLowerCase()));

export interface Gate {
  /** Who the bearer token stands for; undefined when it is not good. */
  readonly verify: (token: string) => Promise<Caller | undefined>;
  readonly throttle: Throttle | undefined;
  /** Told of each request that names something: `PUT Microsoft.Network/loadBalancers`. */
  readonly count: (name: string, status: number) => void;
}

/** Answers a request; errors of ARM become its bodies, others are the caller's. */
export async function serveArm(
  cloud: Cloud,
  gate: Gate,
  local: LocalRequest,
): Promise<LocalAnswer> {
  const seen: { name: string } = { name: `${local.method} unknown` };
  try {
    const caller = await authenticate(gate, local);
    const request = readRequest(local, caller);
    const kind = kindOf(request);
    const action = actionOf(request);
    seen.name = `${request.method} ${kind.type}${action === undefined ? "" : `/${action}`}`;
    const answer = await serveWithFaults(cloud, gate, { kind, request });
    gate.count(seen.name, answer === "hang-up" ? 0 : answer.status);
    return answer;
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    gate.count(seen.name, error.status);
    return answerOf(error);
  }
}

async function authenticate(gate: Gate, { headers }: LocalRequest): Promise<Caller> {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const challenge = {
    "www-authenticate": 'Bearer authorization_uri="https://login.microsoftonline.com"',
  };
  if (token === undefined) {
    throw new ArmError(401, {
      code: "AuthenticationFailed",
      message: "Authentication failed. The 'Authorization' header is missing.",
      headers: challenge,
    });
  }
  const caller = await gate.verify(token);
  if (caller !== undefined) return caller;
  throw new ArmError(401, {
    code: "InvalidAuthenticationToken",
    message: "The access token is invalid, has expired, or is for another audience.",
    headers: { "www-authenticate": `${challenge["www-authenticate"]}, error="invalid_token"` },
  });
}

function readRequest(local: LocalRequest, caller: Caller): ArmRequest {
  const path = parseArmPath(local.url.pathname);
  const apiVersion = local.url.searchParams.get("api-version");
  if (apiVersion === null || apiVersion === "") {
    throw badRequest(
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(apiVersion)) {
    throw badRequest(
      "InvalidApiVersionParameter",
      `The api-version '${apiVersion}' is invalid. It must be a date such as 2026-06-01.`,
    );
  }
  const { method, url, headers } = local;
  return { method, path, url, headers, apiVersion, caller, body: parseJson(local.body) };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw badRequest(
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: it must be JSON.",
    );
  }
}

function kindOf(request: ArmRequest): ResourceKind {
  const type = typeOf(request);
  const kind = kindsByType.get(type);
  if (kind !== undefined) return kind;
  const [namespace = ""] = type.split("/");
  if (!providers.has(namespace)) {
    throw new ArmError(404, {
      code: "InvalidResourceNamespace",
      message: `The resource namespace '${namespace}' is invalid.`,
    });
  }
  throw new ArmError(404, {
    code: "InvalidResourceType",
    message: `The resource type '${type}' could not be found in the namespace '${namespace}'.`,
  });
}

/** What a POST asks for; a GET of a collection has none. */
function actionOf({ method, path }: ArmRequest): string | undefined {
  return method === "POST" ? path.tail : undefined;
}

async function serveWithFaults(
  cloud: Cloud,
  gate: Gate,
  { kind, request }: { readonly kind: ResourceKind; readonly request: ArmRequest },
): Promise<LocalAnswer> {
  const id = request.url.pathname;
  const target = { method: request.method, type: kind.type, action: actionOf(request), id };
  const delay = cloud.faults.strike(target, ["delay"]);
  if (delay !== undefined) await pause(delay.delayMilliseconds);
  if (cloud.faults.strike(target, ["lose-request"]) !== undefined) return "hang-up";
  const refusal = cloud.faults.strike(target, ["answer"]);
  if (refusal !== undefined) {
    throw new ArmError(refusal.status, { ...refusal, message: refusal.message ?? refusal.code });
  }
  const limits = gate.throttle?.take({
    method: request.method.toLowerCase(),
    type: request.path.type,
    id: id.toLowerCase(),
    subscriptionId: request.path.subscriptionId.toLowerCase(),
    principal: request.caller.objectId,
    isList: request.path.tail !== undefined,
  });
  const answer = await dispatch(cloud, kind, request);
  if (cloud.faults.strike(target, ["lose-answer"]) !== undefined) return "hang-up";
  return localAnswer({ ...answer, headers: { ...limits, ...answer.headers } });
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

async function dispatch(cloud: Cloud, kind: ResourceKind, request: ArmRequest): Promise<ArmAnswer> {
  const { method, path } = request;
  const isCollection = path.tail !== undefined;
  const serve = {
    GET: isCollection ? kind.list : kind.get,
    HEAD: isCollection ? undefined : kind.get,
    PUT: isCollection ? undefined : kind.put,
    PATCH: isCollection ? undefined : kind.patch,
    DELETE: isCollection ? undefined : kind.remove,
    POST: kind.actions?.[path.tail ?? ""],
  }[method];
  if (serve !== undefined) return await serve(cloud, request);
  if (method === "POST") throw notFound(request.url.pathname);
  throw new ArmError(405, {
    code: "MethodNotAllowed",
    message: `The HTTP method '${method}' is not supported for resource type '${kind.type}'.`,
  });
}

function localAnswer({ status, headers = {}, body }: ArmAnswer): LocalAnswer {
  const requestId = crypto.randomUUID();
  return {
    status,
    headers: {
      "x-ms-request-id": requestId,
      "x-ms-correlation-request-id": requestId,
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
