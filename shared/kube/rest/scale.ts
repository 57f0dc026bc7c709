import type { Document } from "../../lib/document.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { customScaleColumns, scaleColumns } from "../built-in/scale-columns.ts";
import { invalidValue } from "../field-errors.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { bodyType, readObject } from "../http/request-body.ts";
import { at, isObject, objectOf, printed, withValueAt } from "../json.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { toObject } from "../object/to-object.ts";
import type { KubeObject, ScalePaths } from "../served-kind.ts";
import { badRequest, invalid, methodNotAllowed, noSuchResource } from "../status-error.ts";
import { appliedValue, applyType } from "./apply.ts";
import { appliedScale, withAppliedScale } from "./apply-scale.ts";
import { patched, readPatch } from "./patch.ts";
import { respondObject } from "./present.ts";
import { readDocument } from "./read.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { namedVersion, scaleOf } from "./scale-object.ts";
import { updateDocument } from "./update.ts";

/** `autoscaling/v1 Scale` of an object: its number of replicas and nothing else. */
export async function serveScale(request: ObjectRequest): Promise<Response> {
  const { kind, version } = request;
  const { scale } = kind;
  if (scale === undefined) throw noSuchResource();
  switch (request.request.method) {
    case "GET": {
      return respondScale(await readDocument(request), scale, request);
    }
    case "PUT": {
      const { value: wanted } = await readObject(request.request, "Scale");
      checkScale(wanted);
      return await changeScale(request, scale, () => wanted);
    }
    case "PATCH": {
      if (bodyType(request.request) === applyType) return await applyScale(request, scale);
      const patch = await readPatch(request);
      return await changeScale(request, scale, (live) => patched(live, patch, version));
    }
    default:
      throw methodNotAllowed();
  }
}

function checkScale(wanted: JsonObject[string]): void {
  const given = isObject(wanted) ? wanted : {};
  const { apiVersion = "autoscaling/v1", kind = "Scale" } = given;
  if (kind === "Scale" && printed(apiVersion).startsWith("autoscaling/")) return;
  throw badRequest(`${printed(kind)} in version "v1" cannot be handled as a Scale`);
}

function unreadableScale(
  { request }: ObjectRequest,
  wanted: JsonObject,
  replicas: JsonObject[string],
): Error {
  const because =
    `json: cannot unmarshal ${goTypeName(replicas ?? null)} into Go struct field ` +
    "ScaleSpec.spec.replicas of type int32";
  if (request.method !== "PATCH") {
    return badRequest(`Scale in version "v1" cannot be handled as a Scale: ${because}`);
  }
  const error = invalidValue("patch", JSON.stringify(wanted), because);
  return invalid({ kind: "", group: "" }, "", [error]);
}

async function applyScale(request: ObjectRequest, scale: ScalePaths): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const warnings: string[] = [];
  const sent = await appliedValue(request.request, options.fieldValidation, warnings);
  const applied = appliedScale(sent, request);
  if (applied.replicas !== undefined) checkReplicas(applied.replicas, sent, request);
  const document = await updateDocument({
    request,
    options,
    warnings,
    isApplied: true,
    change: (live) => withAppliedScale(live, applied, { request, scale, options }),
  });
  return respondScale(document, scale, request);
}

async function changeScale(
  request: ObjectRequest,
  scale: ScalePaths,
  change: (live: KubeObject) => JsonObject[string],
): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const document = await updateDocument({
    request,
    options,
    warnings: [],
    change: (live) => {
      const wanted = change(scaleOf(live, scale));
      if (!isObject(wanted)) throw badRequest("the body must be an object");
      const replicas = at(wanted, "spec", "replicas") ?? 0;
      checkReplicas(replicas, wanted, request);
      const named = namedVersion(objectOf(wanted["metadata"]));
      const versioned = { ...live, metadata: { ...live.metadata, ...named } };
      return withValueAt(versioned, scale.specReplicas, replicas) as KubeObject;
    },
  });
  return respondScale(document, scale, request);
}

/** Throws 400 or 422 for what is no number of replicas. */
function checkReplicas(replicas: Json, wanted: JsonObject, request: ObjectRequest): void {
  if (typeof replicas !== "number" || !Number.isInteger(replicas)) {
    throw unreadableScale(request, wanted, replicas);
  }
  // Custom resources are scaled by their schema.
  if (request.version.mergeShape === undefined || replicas >= 0) return;
  const error = invalidValue("spec.replicas", replicas, "must be greater than or equal to 0");
  throw invalid({ kind: "Scale", group: "autoscaling" }, request.name, [error]);
}

function respondScale(document: Document, scale: ScalePaths, request: ObjectRequest): Response {
  const { kind, version } = request;
  const live = toObject(document, kind, version);
  const columns = version.mergeShape === undefined ? customScaleColumns : scaleColumns;
  return respondObject(scaleOf(live, scale), { ...request, version: { name: "v1", columns } });
}
