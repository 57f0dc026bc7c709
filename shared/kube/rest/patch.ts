import type { Json } from "../../lib/kube-object.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { bodyType, parseJson, readBody } from "../http/request-body.ts";
import { isObject } from "../json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMerge } from "../patch/strategic-merge.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject, ServedVersion } from "../served-kind.ts";
import { badRequest, unsupportedMediaType } from "../status-error.ts";
import { applyObject, applyType } from "./apply.ts";
import { checkedObject } from "./incoming.ts";
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
  const options = writeOptionsOf(request.request, request.query);
  const patch = await readPatch(request);
  const warnings: string[] = [];
  const change = (live: KubeObject): KubeObject =>
    checkedObject(patched(live, patch, request.version), request);
  const document = await updateDocument({ request, options, warnings, change });
  return respondObject(await viewOf(document, request), request, { warnings });
}

export interface Patch {
  readonly type: string;
  readonly content: Json;
}

/** Throws 415 for a language that the kind does not take, 400 for what is no JSON. */
export async function readPatch({ request, version }: ObjectRequest): Promise<Patch> {
  const type = bodyType(request);
  const accepted = acceptedTypes(version);
  if (!accepted.includes(type)) throw unsupportedMediaType([...accepted, applyType]);
  return { type, content: parseJson(await readBody(request)) };
}

function acceptedTypes({ mergeShape }: ServedVersion): readonly string[] {
  return [jsonType, mergeType, ...(mergeShape === undefined ? [] : [strategicType])];
}

export function patched(live: KubeObject, { type, content }: Patch, version: ServedVersion): Json {
  if (type === jsonType) return jsonPatch(live, content);
  if (!isObject(content)) throw badRequest("error decoding patch: must be an object");
  return type === strategicType
    ? strategicMerge(live, content, objectShape(version))
    : mergePatch(live, content);
}
