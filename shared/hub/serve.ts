/**
 * The Kubernetes face of a fleet: `https://HOST/{ARM id of the fleet}/hub` is a cluster to kubectl.
 */
import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import { admissionOf } from "../kube/admission.ts";
import { compressed } from "../kube/flow/compressed.ts";
import { type FlowControl, flowControl } from "../kube/flow/flow-control.ts";
import { auditIdOf, withAuditId } from "../kube/http/audit-id.ts";
import { readably } from "../kube/http/indented.ts";
import { statusResponse } from "../kube/http/respond.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { oneDefaultPriority } from "../kube/one-default-priority.ts";
import { publicAnswer } from "../kube/public-answer.ts";
import { impersonated } from "../kube/rbac/impersonate.ts";
import { serveKube } from "../kube/serve-kube.ts";
import { StatusError } from "../kube/status-error.ts";
import type { FleetId } from "../lib/document.ts";
import { hubAuthorizer } from "./access/hub-authorizer.ts";
import { hubCaller } from "./access/hub-caller.ts";
import { reviewToken } from "./access/review-token.ts";
import { storeThatTells } from "./access/store-that-tells.ts";
import { fleetExists } from "./fleet-exists.ts";
import { kindsFor } from "./fleet-kinds.ts";
import { hubApi, serverVersion } from "./hub-api.ts";
import { hubKinds } from "./kinds.ts";
import { refuseWorkloads } from "./refuse-workloads.ts";

/** What a request is about: which fleet, and what of its hub. */
interface HubRequest {
  readonly request: Request;
  /** The ARM id as the client wrote it, with "/hub" behind. */
  readonly basePath: string;
  /** Below the hub: "/api/v1/namespaces". */
  readonly path: string;
  readonly fleet: FleetId;
  /** Lower-cased. */
  readonly fleetName: string;
  readonly auditId: string;
}

/** Of this process: whoever asks for too much is told so, and keeps nobody else waiting. */
const flow: FlowControl = flowControl();

export async function serveHub(request: Request, effects: Effects): Promise<Response> {
  const auditId = auditIdOf(request);
  return withAuditId(await answerTo(request, auditId, effects), auditId);
}

async function answerTo(request: Request, auditId: string, effects: Effects): Promise<Response> {
  try {
    const asked = hubRequest(request, auditId);
    const authorization = request.headers.get("authorization");
    const told = authorization === null && publicAnswer(request, asked.path, serverVersion);
    if (told) return told;
    const token = await effects.callers.identify(authorization);
    const facts = {
      method: request.method,
      path: asked.path,
      query: new URL(request.url).searchParams,
      signal: request.signal,
    };
    return await flow.run(facts, token.objectId, async (signal) => {
      const response = await serveAs(token, withSignal(asked, signal), effects);
      return await compressed(request, response);
    });
  } catch (error) {
    return await readably(request, statusResponse(error));
  }
}

const hubPath =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/fleets\/([^/]+))\/hub(\/|$)/i;

function hubRequest(request: Request, auditId: string): HubRequest {
  const { pathname } = new URL(request.url);
  const [, armId = "", name = ""] = hubPath.exec(pathname) ?? [];
  const basePath = `${armId}/hub`;
  return {
    request,
    basePath,
    path: pathname.slice(basePath.length),
    fleet: armId.toLowerCase() as FleetId,
    fleetName: name.toLowerCase(),
    auditId,
  };
}

/** What goes on for long ends when nobody waits for it; what has a body is read to its end. */
function withSignal(asked: HubRequest, signal: AbortSignal): HubRequest {
  const { request } = asked;
  return request.body === null ? { ...asked, request: new Request(request, { signal }) } : asked;
}

/**
 * A fleet that is not there and one in which the caller has no rights look the same to a stranger:
 * nothing but what every hub tells everybody.
 */
async function serveAs(token: Caller, asked: HubRequest, effects: Effects): Promise<Response> {
  const { request, fleet, fleetName, basePath, auditId } = asked;
  const store = storeThatTells(effects.store);
  const exists = await fleetExists(fleet, fleetName, { ...effects, store });
  const caller = hubCaller(token);
  const groupsOmitted = token.groupsOmitted === true;
  const own = hubAuthorizer({ caller, store, fleet, exists, groupsOmitted });
  const other = await impersonated(request.headers, caller, own.authorize);
  const acting = other ?? caller;
  const authorizer =
    other === undefined ? own : hubAuthorizer({ caller: other, store, fleet, exists });
  const isStranger = await authorizer.isStranger();
  if (!exists && !isStranger) {
    throw new StatusError(404, "NotFound", `fleet "${fleetName}" not found`);
  }
  const kinds = isStranger ? hubKinds : await kindsFor(asked, store);
  const api: KubeApi = {
    ...hubApi(fleet, kinds, { ...effects, store }),
    basePath,
    caller: acting,
    authorize: authorizer.authorize,
    authorizeFor: authorizer.authorizeFor,
    rules: authorizer.rules,
    reviewToken: reviewToken(effects.callers),
    auditId,
    admit: admissionOf(authorizer.admit, refuseWorkloads, oneDefaultPriority(store, fleet)),
  };
  return await serveKube(request, api);
}
