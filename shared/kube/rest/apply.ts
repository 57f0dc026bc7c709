import { serverSideApply } from "../apply/server-side-apply.ts";
import { requiredValue } from "../field-errors.ts";
import { type WriteOptions, writeOptionsOf } from "../http/query-options.ts";
import { parseYaml, readBody } from "../http/request-body.ts";
import { isString, omit } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import { kubeTime } from "../object/to-object.ts";
import { withKnownFields } from "../schema/admit.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject } from "../served-kind.ts";
import { badRequest, conflict, invalidOption, notFound, StatusError } from "../status-error.ts";
import { createFrom } from "./create.ts";
import { checkedObject } from "./incoming.ts";
import { respondObject, viewOf } from "./present.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { updateDocument } from "./update.ts";

export const applyType = "application/apply-patch+yaml";

/** Server-side apply: creates the object or lays what is applied over it. */
export async function applyObject(request: ObjectRequest): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  if (!options.managerNamed) throw managerRequired();
  const warnings: string[] = [];
  const applied = await appliedObject(request, options, warnings);
  const change = (live: KubeObject): KubeObject => merged(live, applied, { request, options });
  try {
    const isApplied = true;
    const document = await updateDocument({ request, options, warnings, change, isApplied });
    return respondObject(await viewOf(document, request), request, { warnings });
  } catch (error) {
    if (!isAbsent(error, request) || request.subresource !== undefined) throw error;
  }
  checkNew(applied, request);
  const object = merged(undefined, applied, { request, options });
  return await createFrom({ request, options, object, isApplied: true, warnings });
}

function merged(
  live: KubeObject | undefined,
  applied: KubeObject,
  { request, options }: { readonly request: ObjectRequest; readonly options: WriteOptions },
): KubeObject {
  const { api, kind, version, subresource } = request;
  return serverSideApply({
    live,
    applied,
    shape: objectShape(version),
    manager: options.manager,
    apiVersion: apiVersionOf(kind, version.name),
    ...(subresource !== undefined && { subresource }),
    hasStatus: kind.hasStatus,
    force: options.force,
    now: kubeTime(api.clock.now()),
  });
}

async function appliedObject(
  request: ObjectRequest,
  { fieldValidation }: WriteOptions,
  warnings: string[],
): Promise<KubeObject> {
  const { kind, version, subresource } = request;
  const object = checkedObject(parseYaml(await readBody(request.request)), request);
  if (object.metadata["managedFields"] !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const known = withKnownFields({ kind, version, object, fieldValidation, warnings });
  if (subresource !== "status")
    return kind.hasStatus ? (omit(known, ["status"]) as KubeObject) : known;
  const { apiVersion, metadata, status } = known;
  return { apiVersion, kind: known.kind, metadata, ...(status !== undefined && { status }) };
}

/** Whoever names a uid or a version means an object that was there. */
function checkNew({ metadata }: KubeObject, { kind, name }: ObjectRequest): void {
  const { uid, resourceVersion } = metadata;
  if (isString(uid) && uid !== "") {
    throw conflict(
      kind,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
  if (isString(resourceVersion) && resourceVersion !== "") throw notFound(kind, name);
}

function isAbsent(error: unknown, { name }: ObjectRequest): boolean {
  return error instanceof StatusError && error.code === 404 && error.details?.name === name;
}

function managerRequired(): Error {
  const because = "is required for apply patch";
  return invalidOption("PatchOptions", requiredValue("fieldManager", because));
}
