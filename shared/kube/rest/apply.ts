import { kubeTime } from "../../lib/instant.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import { inVersionOf } from "../apply/in-version.ts";
import { isOfStatus } from "../apply/managed-fields.ts";
import { serverSideApply } from "../apply/server-side-apply.ts";
import { type WriteOptions, writeOptionsOf } from "../http/query-options.ts";
import { type ReadBody, readBody, readYaml } from "../http/request-body.ts";
import { isObject, omit, printed, textOf } from "../json.ts";
import { apiVersionOf, splitApiVersion } from "../kinds.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { type Candidate, withKnownFields } from "../schema/admit.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import { changeOrMake } from "./change-or-make.ts";
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
  const sent = await appliedValue(request.request, options.fieldValidation, warnings);
  const applied = appliedObject(sent, request, { ...options, warnings });
  const applying = { request, options, applied, sent, warnings };
  const change = async (): Promise<Response> => await applyToLive(applying);
  if (request.subresource !== undefined) return await change();
  const make = async (): Promise<Response> => await applyAsNew(applying);
  return await changeOrMake(request, applied, { change, make });
}

interface Applying {
  readonly request: ObjectRequest;
  readonly options: WriteOptions;
  readonly applied: KubeObject;
  readonly sent: JsonObject;
  readonly warnings: string[];
}

/** Throws 404 when there is no object. */
async function applyToLive(applying: Applying): Promise<Response> {
  const { request, options, warnings } = applying;
  const change = (live: KubeObject): KubeObject => merged(live, applying);
  const document = await updateDocument({ request, options, warnings, change, isApplied: true });
  return respondObject(await viewOf(document, request), request, { warnings });
}

/** Throws 409 `AlreadyExists` when there is one. */
async function applyAsNew(applying: Applying): Promise<Response> {
  const { request, options, applied, warnings } = applying;
  const fresh = { ...applied, metadata: omit(applied.metadata, ["resourceVersion"]) };
  const object = merged(undefined, { ...applying, applied: fresh });
  return await createFrom({ request, options, object, isApplied: true, warnings });
}

function merged(
  live: KubeObject | undefined,
  { request, options, applied, sent }: Applying,
): KubeObject {
  const { api, kind, version, subresource } = request;
  return serverSideApply({
    live,
    applied,
    sent,
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

function appliedObject(
  value: JsonObject,
  request: ObjectRequest,
  { fieldValidation, warnings }: Pick<Candidate, "fieldValidation" | "warnings">,
): KubeObject {
  const { kind, subresource } = request;
  checkAppliedType(value, request);
  checkNamed(value, request);
  const object = placedObject(typedObject(value, request), request);
  if ((object.metadata["managedFields"] ?? null) !== null) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const known = declaredFields(object, request, { fieldValidation, warnings });
  if (!isOfStatus(subresource))
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
export async function appliedValue(
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
