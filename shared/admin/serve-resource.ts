/** GET, PUT, PATCH, DELETE and POST of a resource, and GET of a collection, for every resource. */
import { fleetKind } from "../fleet/model.ts";
import { type Document, keyOf } from "../lib/document.ts";
import type { AdminRequest } from "./admin-request.ts";
import { type Answer, json } from "./answer.ts";
import { ArmError, methodNotAllowed } from "./arm-error.ts";
import { fleetIdOf, provider, type ResourcePath } from "./arm-path.ts";
import { authorize } from "./authorize.ts";
import { listResources } from "./list-resources.ts";
import { operationResultUrl, pollSeconds } from "./operation-result.ts";
import { readBody } from "./request-body.ts";
import { saveChange, saveRemoval } from "./save.ts";
import type { AdminCall, ServedResource } from "./served-resource.ts";
import { shown } from "./show.ts";

const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export async function serveResource(
  path: ResourcePath,
  resources: readonly ServedResource[],
  asked: AdminRequest,
): Promise<Answer> {
  const { method } = asked.request;
  const isPost = method === "POST";
  const action = isPost ? path.last : undefined;
  const type = action === undefined ? path.type : path.type.slice(0, -action.length - 1);
  const resource = resources.find((each) => each.type.toLowerCase() === type);
  if (resource === undefined) throw unknownType(path);
  if (path.last !== undefined && !isPost) {
    if (method !== "GET") throw methodNotAllowed(asked.request);
    authorize(asked.caller, "reader", `${provider}/${resource.type}/read`);
    return json(200, await listResources(resource, path, asked));
  }
  if (path.group === undefined) throw unknownType(path);
  const served = { resource, call: await callOf(resource, path, asked), asked };
  switch (method) {
    case "GET":
      return await read(served);
    case "PUT":
      return await put(served);
    case "PATCH":
      return await patch(served);
    case "DELETE":
      return await remove(served);
    case "POST":
      return await act(served, action ?? "");
    default:
      throw methodNotAllowed(asked.request);
  }
}

interface Served {
  readonly resource: ServedResource;
  readonly call: AdminCall;
  readonly asked: AdminRequest;
}

async function callOf(
  resource: ServedResource,
  path: ResourcePath,
  { effects, face, caller, apiVersion }: AdminRequest,
): Promise<AdminCall> {
  const fleetId = fleetIdOf(path);
  const fleet = await effects.store.read(keyOf(fleetKind, fleetId, nameOf(path, 0)));
  const key = keyOf(resource.kind, fleetId, nameOf(path, path.names.length - 1));
  return { effects, face, caller, apiVersion, path, key, fleet };
}

const nameOf = ({ names }: ResourcePath, index: number) => names[index]?.toLowerCase() ?? "";

async function read({ resource, call }: Served): Promise<Answer> {
  authorize(call.caller, "reader", actionName(resource, "read"));
  return json(200, await shown(resource, await mustRead(call), call));
}

async function put({ resource, call, asked }: Served): Promise<Answer> {
  authorize(call.caller, resource.changedBy, actionName(resource, "write"));
  checkName(resource, call);
  checkParent(resource, call);
  const body = await readBody(asked.request);
  const { document, isNew } = await saveChange(call, asked.request.headers, async (before) => {
    return await resource.put(body, before, call);
  });
  return json(isNew ? 201 : 200, await shown(resource, document, call));
}

async function patch({ resource, call, asked }: Served): Promise<Answer> {
  authorize(call.caller, resource.changedBy, actionName(resource, "write"));
  const { patch: patched } = resource;
  if (patched === undefined) throw methodNotAllowed(asked.request);
  const body = await readBody(asked.request);
  const { document } = await saveChange(call, asked.request.headers, async (before) => {
    if (before === undefined) throw notFound(call);
    return await patched(body, before, call);
  });
  return json(200, await shown(resource, document, call));
}

/** 204 for what is not there, 200 for what is gone, 202 for what goes. */
async function remove({ resource, call, asked }: Served): Promise<Answer> {
  authorize(call.caller, resource.changedBy, actionName(resource, "delete"));
  const removal = await saveRemoval(resource, call, asked.request.headers);
  if (removal === undefined) return { status: 204 };
  if (removal.isGone) return { status: 200 };
  const { document } = removal;
  const location = call.fleet?.body.location ?? "global";
  const where = { publicUrl: call.face.publicUrl, location };
  return {
    ...json(202, await shown(resource, document, call)),
    headers: {
      Location: operationResultUrl(where, document, call.apiVersion),
      "Retry-After": String(pollSeconds),
    },
  };
}

async function act({ resource, call, asked }: Served, name: string): Promise<Answer> {
  const action = resource.actions?.[name];
  if (action === undefined) throw unknownType(call.path);
  const needed = action.kind === "reply" ? "reader" : resource.changedBy;
  authorize(call.caller, needed, actionName(resource, `${name}/action`));
  if (action.kind === "reply") {
    return json(200, await action.reply(await mustRead(call), call));
  }
  const { document } = await saveChange(call, asked.request.headers, async (before) => {
    if (before === undefined) throw notFound(call);
    return await action.change(before, call);
  });
  return json(200, await shown(resource, document, call));
}

async function mustRead(call: AdminCall): Promise<Document> {
  const document = await call.effects.store.read(call.key);
  if (document === undefined) throw notFound(call);
  return document;
}

function checkName({ nameMax }: ServedResource, { path }: AdminCall): void {
  const name = path.names.at(-1) ?? "";
  if (name.length <= nameMax && namePattern.test(name)) return;
  const message = `Cannot name a resource "${name}": must be 1 to ${nameMax} of a-z, 0-9 and "-"`;
  throw new ArmError(400, "InvalidResourceName", message);
}

function checkParent(resource: ServedResource, { fleet, path }: AdminCall): void {
  if (fleet !== undefined || path.names.length === 1) return;
  const message =
    `Failed to perform 'write' on resource(s) of type '${resource.type}', because the parent ` +
    `resource 'fleets/${path.names[0]}' could not be found.`;
  throw new ArmError(404, "ParentResourceNotFound", message);
}

function notFound({ path }: AdminCall): ArmError {
  const types = path.type.split("/");
  const what = [provider, ...path.names.flatMap((name, index) => [types[index], name])].join("/");
  const message = `The Resource '${what}' under resource group '${path.group}' was not found.`;
  return new ArmError(404, "ResourceNotFound", message);
}

const unknownType = ({ type }: ResourcePath) =>
  new ArmError(
    404,
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace '${provider}'.`,
  );

const actionName = ({ type }: ServedResource, verb: string) => `${provider}/${type}/${verb}`;
