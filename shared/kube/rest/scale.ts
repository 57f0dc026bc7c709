import type { JsonObject } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { readObject } from "../http/request-body.ts";
import { respond } from "../http/respond.ts";
import { at, isObject, isString, printed, withValueAt } from "../json.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { toObject } from "../object/to-object.ts";
import type { KubeObject, ScalePaths } from "../served-kind.ts";
import { badRequest, invalid, methodNotAllowed, noSuchResource } from "../status-error.ts";
import { patched, readPatch } from "./patch.ts";
import { readDocument } from "./read.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { updateDocument } from "./update.ts";

/** `autoscaling/v1 Scale` of an object: its number of replicas and nothing else. */
export async function serveScale(request: ObjectRequest): Promise<Response> {
  const { kind, version } = request;
  const { scale } = kind;
  if (scale === undefined) throw noSuchResource();
  switch (request.request.method) {
    case "GET": {
      const live = toObject(await readDocument(request), kind, version);
      return respondScale(live, scale, request);
    }
    case "PUT": {
      const { value: wanted } = await readObject(request.request, "Scale");
      checkScale(wanted);
      return await changeScale(request, scale, () => wanted);
    }
    case "PATCH": {
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

async function changeScale(
  request: ObjectRequest,
  scale: ScalePaths,
  change: (live: KubeObject) => JsonObject[string],
): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const { kind, version, name } = request;
  const document = await updateDocument({
    request,
    options,
    warnings: [],
    change: (live) => {
      const wanted = change(scaleOf(live, scale));
      if (!isObject(wanted)) throw badRequest("the body must be an object");
      const replicas = at(wanted, "spec", "replicas") ?? 0;
      if (typeof replicas !== "number" || !Number.isInteger(replicas)) {
        throw unreadableScale(request, wanted, replicas);
      }
      // Custom resources are scaled by their schema.
      if (version.mergeShape !== undefined && replicas < 0) {
        const error = invalidValue("spec.replicas", replicas, "must be greater than or equal to 0");
        throw invalid({ kind: "Scale", group: "autoscaling" }, name, [error]);
      }
      const resourceVersion = at(wanted, "metadata", "resourceVersion");
      const versioned = isString(resourceVersion)
        ? { ...live, metadata: { ...live.metadata, resourceVersion } }
        : live;
      return withValueAt(versioned, scale.specReplicas, replicas) as KubeObject;
    },
  });
  return respondScale(toObject(document, kind, version), scale, request);
}

function respondScale(live: KubeObject, scale: ScalePaths, request: ObjectRequest): Response {
  return respond(scaleOf(live, scale), { format: request.presentation.format });
}

function scaleOf(live: KubeObject, paths: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = live.metadata;
  const selector = paths.selector === undefined ? undefined : at(live, ...paths.selector);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(live, ...paths.specReplicas) ?? paths.defaultReplicas ?? 0 },
    status: {
      replicas: at(live, ...paths.statusReplicas) ?? 0,
      ...(selector !== undefined && { selector: selectorText(selector) }),
    },
  };
}

/** `{"matchLabels":{"app":"web"}}` → "app=web" */
function selectorText(selector: JsonObject[string]): string {
  if (isString(selector)) return selector;
  const labels = at(selector, "matchLabels");
  return isObject(labels)
    ? Object.entries(labels)
        .map(([name, value]) => `${name}=${printed(value)}`)
        .join(",")
    : "";
}
