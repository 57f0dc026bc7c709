import { kubeTime } from "../../lib/instant.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import { inVersionOf } from "../apply/in-version.ts";
import { serverSideApply } from "../apply/server-side-apply.ts";
import { type WriteOptions, writeOptionsOf } from "../http/query-options.ts";
import { type ReadBody, readBody, readYaml } from "../http/request-body.ts";
import { isObject, isString, omit, printed, textOf } from "../json.ts";
import { apiVersionOf, splitApiVersion } from "../kinds.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { type Candidate, withKnownFields } from "../schema/admit.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject } from "../served-kind.ts";
import { badRequest, conflict, StatusError } from "../status-error.ts";
import { checkAccess } from "./check-access.ts";
import { createFrom } from "./create.ts";
import { checkNamed, placedObject, typedObject } from "./incoming.ts";
import { respondObject, viewOf } from "./present.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { updateDocument } from "./update.ts";

export const applyType = "application/apply-patch+yaml";

/** Server-side apply: creates the object or lays what is applied over it. */
export async function applyObject(request: ObjectRequest): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const warnings: string[] = [];
  const applied = await appliedObject(request, options, warnings);
  const applying = { request, options, applied, warnings };
  for (let race = 0; ; race++) {
    try {
      return await applyToLive(applying);
    } catch (error) {
      if (!isAbsent(error, request) || request.subresource !== undefined) throw error;
    }
    try {
      return await applyAsNew(applying);
    } catch (error) {
      // Somebody else has made it meanwhile, so there is something to apply to.
      if (!isTaken(error) || race >= racesMax) throw error;
    }
  }
}

/** Between two looks an object is made and deleted again so often. */
const racesMax = 5;

interface Applying {
  readonly request: ObjectRequest;
  readonly options: WriteOptions;
  readonly applied: KubeObject;
  readonly warnings: string[];
}

/** Throws 404 when there is no object. */
async function applyToLive({ request, options, applied, warnings }: Applying): Promise<Response> {
  const change = (live: KubeObject): KubeObject => merged(live, applied, { request, options });
  const document = await updateDocument({ request, options, warnings, change, isApplied: true });
  return respondObject(await viewOf(document, request), request, { warnings });
}

/** Throws 409 `AlreadyExists` when there is one. */
async function applyAsNew({ request, options, applied, warnings }: Applying): Promise<Response> {
  checkNew(applied, request);
  await checkCreation(request);
  const fresh = { ...applied, metadata: omit(applied.metadata, ["resourceVersion"]) };
  const object = merged(undefined, fresh, { request, options });
  return await createFrom({ request, options, object, isApplied: true, warnings });
}

function isTaken(error: unknown): boolean {
  return error instanceof StatusError && error.reason === "AlreadyExists";
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
    inVersion: inVersionOf(api.kinds, kind),
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
  const { kind, subresource } = request;
  const value = await appliedValue(request.request, fieldValidation, warnings);
  checkAppliedType(value, request);
  checkNamed(value, request);
  const object = placedObject(typedObject(value, request), request);
  if (object.metadata["managedFields"] !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const known = declaredFields(object, request, { fieldValidation, warnings });
  if (subresource !== "status")
    return kind.hasStatus ? (omit(known, ["status"]) as KubeObject) : known;
  const { apiVersion, metadata, status } = known;
  return { apiVersion, kind: known.kind, metadata, ...(status !== undefined && { status }) };
}

/**
 * Throws 400 for a field that the schema does not declare: nobody could own it. What has no schema
 * is taken as it is.
 */
function declaredFields(
  object: KubeObject,
  { kind, version, namespace = "" }: ObjectRequest,
  told: Pick<Candidate, "fieldValidation" | "warnings">,
): KubeObject {
  if (version.schema === undefined) return withKnownFields({ kind, version, object, ...told });
  const warnings: string[] = [];
  const candidate: Candidate = { kind, version, object, fieldValidation: "Warn", warnings };
  const known = withKnownFields(candidate);
  const path = /^unknown field "(.*)"$/.exec(warnings[0] ?? "")?.[1];
  if (path === undefined) return known;
  throw badRequest(
    `failed to create typed patch object (${namespace}/${printed(object.metadata["name"])}; ` +
      `${object.apiVersion}, Kind=${kind.kind}): .${path}: field not declared in schema`,
  );
}

/** The body, which is YAML whatever it looks like. Throws 400 for what is no object. */
async function appliedValue(
  request: Request,
  fieldValidation: WriteOptions["fieldValidation"],
  warnings: string[],
): Promise<JsonObject> {
  const { value, duplicates } = readApplied(await readBody(request));
  if (duplicates.length > 0 && fieldValidation === "Strict") {
    throw badRequest(
      "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  " +
        duplicates.join("\n  "),
    );
  }
  if (fieldValidation === "Warn") warnings.push(...duplicates);
  if (value === null) return {};
  if (isObject(value)) return value;
  throw badRequest(
    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " +
      `${goTypeName(value)} into Go value of type map[string]interface {}`,
  );
}

function readApplied(bytes: Uint8Array): ReadBody {
  try {
    return readYaml(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
  }
}

/** What is applied says what it is. */
function checkAppliedType(object: JsonObject, { kind, version }: ObjectRequest): void {
  const apiVersion = textOf(object["apiVersion"]) ?? "";
  const name = textOf(object["kind"]) ?? "";
  if (apiVersion === apiVersionOf(kind, version.name) && name === kind.kind) return;
  const [group, given] = splitApiVersion(apiVersion);
  throw badRequest(`invalid object type: ${group}/${given}, Kind=${name}`);
}

/** Who may patch what is there may not make what is not. */
async function checkCreation({ api, kind, namespace, name }: ObjectRequest): Promise<void> {
  const { group, plural } = kind;
  const home = kind.holdsNamespaces === true ? name : namespace;
  const where = { ...(home !== undefined && { namespace: home }), name };
  await checkAccess({ kind: "resource", verb: "create", group, resource: plural, ...where }, api);
}

/** Whoever names a uid means an object that was there. */
function checkNew({ metadata }: KubeObject, { kind, name }: ObjectRequest): void {
  const { uid } = metadata;
  if (isString(uid) && uid !== "") {
    throw conflict(
      kind,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
}

function isAbsent(error: unknown, { name }: ObjectRequest): boolean {
  return error instanceof StatusError && error.code === 404 && error.details?.name === name;
}
