import type { Json } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { bodyType, parseJson, readBody } from "../http/request-body.ts";
import { at, isArray, isObject } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { withoutShown, withShown } from "../object/shown-defaults.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMerge } from "../patch/strategic-merge.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject, ServedVersion } from "../served-kind.ts";
import {
  badRequest,
  invalid,
  StatusError,
  unknownMediaType,
  unsupportedMediaType,
} from "../status-error.ts";
import { applyObject, applyType } from "./apply.ts";
import { placedObject, typedObject } from "./incoming.ts";
import { respondObject, viewOf } from "./present.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { updateDocument } from "./update.ts";

const jsonType = "application/json-patch+json";
const mergeType = "application/merge-patch+json";
const strategicType = "application/strategic-merge-patch+json";

/** PATCH of an object or of its status, in any of Kubernetes' four languages. */
export async function patchObject(request: ObjectRequest): Promise<Response> {
  const type = bodyType(request.request);
  if (type === applyType) return await applyObject(request);
  const { kind, version } = request;
  const options = writeOptionsOf(request.request, request.query);
  const patch = await readPatch(request);
  const warnings: string[] = [];
  let made: Json = null;
  const change = (live: KubeObject): KubeObject => {
    made = patched(withShown(live, kind), patch, version);
    return withoutShown(placedObject(typedPatched(made, request), request), live, kind);
  };
  try {
    const document = await updateDocument({ request, options, warnings, change });
    return respondObject(await viewOf(document, request), request, { warnings });
  } catch (error) {
    throw cannotBeRead(error) ? unreadablePatch(made, error) : error;
  }
}

const unreadable = /^.* in version ".*" cannot be handled as an? \w+: /;

/** Whether an object could not be read as one of its kind. */
function cannotBeRead(error: unknown): error is StatusError {
  return error instanceof StatusError && error.code === 400 && unreadable.test(error.message);
}

/** What was wrong is in the patch: 422, and the whole of what it has made. */
function unreadablePatch(made: Json, { message }: StatusError): StatusError {
  const because = message.replace(unreadable, "");
  const error = invalidValue("patch", JSON.stringify(made), because);
  return invalid({ kind: "", group: "" }, "", [error]);
}

export interface Patch {
  readonly type: string;
  readonly content: Json;
}

/** Throws 415 for a language that the kind does not take, 400 for what is no JSON. */
export async function readPatch({ request, version }: ObjectRequest): Promise<Patch> {
  const type = bodyType(request);
  const accepted = acceptedTypes(version);
  if (!accepted.includes(type)) {
    const isBuiltIn = version.mergeShape !== undefined;
    throw isBuiltIn ? unknownMediaType() : unsupportedMediaType([...accepted, applyType]);
  }
  return { type, content: parsePatch(await readBody(request), type) };
}

function parsePatch(bytes: Uint8Array, type: string): Json {
  const decoding = type === strategicType ? "" : "error decoding patch: ";
  let content: Json;
  try {
    content = parseJson(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`${decoding}${error.message}`);
  }
  const isRight = type === jsonType ? isArray(content) : isObject(content);
  if (isRight) return content;
  const wanted = type === jsonType ? "[]handlers.jsonPatchOp" : "map[string]interface {}";
  throw badRequest(
    `${decoding}json: cannot unmarshal ${goTypeName(content)} into Go value of type ${wanted}`,
  );
}

/** What a patch has made, read as an object again. Throws 422 when it is none of its kind. */
function typedPatched(value: Json, request: ObjectRequest): KubeObject {
  try {
    return typedObject(value, request);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    const { kind, version, name } = request;
    const wanted = apiVersionOf(kind, version.name);
    const apiVersion = at(value, "apiVersion") ?? "";
    if (version.mergeShape === undefined && apiVersion !== wanted) {
      throw invalid(kind, name, [invalidValue("apiVersion", apiVersion, `must be ${wanted}`)]);
    }
    throw error;
  }
}

function acceptedTypes({ mergeShape }: ServedVersion): readonly string[] {
  return [jsonType, mergeType, ...(mergeShape === undefined ? [] : [strategicType])];
}

export function patched(live: KubeObject, { type, content }: Patch, version: ServedVersion): Json {
  if (type === jsonType) return jsonPatch(live, content);
  if (!isObject(content)) throw badRequest("a patch must be an object");
  return type === strategicType
    ? strategicMerge(live, content, objectShape(version))
    : mergePatch(live, content);
}
