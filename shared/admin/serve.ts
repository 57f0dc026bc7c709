/**
 * The ARM face of a fleet: wire-compatible with `Microsoft.ContainerService/fleets`, so that its
 * official clients work unchanged. It knows no resource: `resources.ts` lists them.
 */
import { randomUUID } from "node:crypto";
import type { Effects } from "../effects/effects.ts";
import type { AdminRequest } from "./admin-request.ts";
import { type Answer, json } from "./answer.ts";
import { apiVersionOf } from "./api-version.ts";
import { ArmError, armErrorOf, errorBody, methodNotAllowed } from "./arm-error.ts";
import { type ArmPath, parseArmPath } from "./arm-path.ts";
import { authorize } from "./authorize.ts";
import { operationResultUrl, parseOperationResult, pollSeconds } from "./operation-result.ts";
import { providerOperations } from "./provider-operations.ts";
import { serveResourceGroup } from "./resource-group.ts";
import { resources } from "./resources.ts";
import { serveResource } from "./serve-resource.ts";
import type { AdminFace } from "./served-resource.ts";

/** Answers every request below "/subscriptions" and "/providers"; never throws. */
export async function serveAdmin(
  request: Request,
  effects: Effects,
  face: AdminFace,
): Promise<Response> {
  const requestId = randomUUID();
  try {
    const answer = await answerTo(request, effects, face);
    return responseOf(answer, requestId);
  } catch (error) {
    const refusal = armErrorOf(error);
    if (refusal.status >= 500) {
      effects.log.error("Cannot answer a request to the ARM face", { requestId, error });
    }
    const headers = {
      ...refusal.headers,
      ...challenge(refusal, face),
      "x-ms-error-code": refusal.code,
    };
    return responseOf({ status: refusal.status, body: errorBody(refusal), headers }, requestId);
  }
}

async function answerTo(request: Request, effects: Effects, face: AdminFace): Promise<Answer> {
  const url = new URL(request.url);
  const caller = await effects.callers.identify(request.headers.get("authorization"));
  const path = parseArmPath(url.pathname);
  if (path === undefined) throw unknownPath(url);
  const apiVersion = apiVersionOf(url, path.kind === "resource" ? "resource" : "other");
  return await servePath(path, { request, url, apiVersion, caller, effects, face });
}

async function servePath(path: ArmPath, asked: AdminRequest): Promise<Answer> {
  if (path.kind === "resource") return await serveResource(path, resources, asked);
  if (asked.request.method !== "GET") throw methodNotAllowed(asked.request);
  authorize(asked.caller, "reader", "read");
  switch (path.kind) {
    case "operations":
      return json(200, providerOperations(resources));
    case "resource-group":
      return await serveResourceGroup(path, asked);
    case "operation-result":
      return await serveOperationResult(path, asked);
  }
}

/** 202 while the document is there, then 204. */
async function serveOperationResult(
  path: ArmPath & { readonly kind: "operation-result" },
  { url, effects, face, apiVersion }: AdminRequest,
): Promise<Answer> {
  const { key, uid } = parseOperationResult(path.subscriptionId, path.id);
  const document = await effects.store.read(key);
  if (document?.uid !== uid) return { status: 204 };
  const location = url.pathname.split("/").at(-3) ?? "";
  const again = operationResultUrl({ publicUrl: face.publicUrl, location }, document, apiVersion);
  const headers = { Location: again, "Retry-After": String(pollSeconds) };
  return { ...json(202, { name: path.id, status: "InProgress" }), headers };
}

const unknownPath = ({ pathname }: URL) =>
  new ArmError(404, "InvalidResourceType", `The resource '${pathname}' could not be found.`);

/** Tells a client without a good token where it gets one. */
function challenge({ status }: ArmError, { authorizationUri }: AdminFace): Record<string, string> {
  if (status !== 401) return {};
  const where = authorizationUri === undefined ? "" : ` authorization_uri="${authorizationUri}",`;
  return { "WWW-Authenticate": `Bearer${where} error="invalid_token"` };
}

function responseOf({ status, body, headers = {} }: Answer, requestId: string): Response {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Response(status === 204 ? null : text, {
    status,
    headers: {
      "Cache-Control": "no-cache",
      "x-ms-request-id": requestId,
      ...(text !== undefined && { "Content-Type": "application/json; charset=utf-8" }),
      ...headers,
    },
  });
}
