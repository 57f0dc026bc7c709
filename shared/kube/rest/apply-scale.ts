import { kubeTime } from "../../lib/instant.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { inVersionOf } from "../apply/in-version.ts";
import { serverSideApply } from "../apply/server-side-apply.ts";
import type { WriteOptions } from "../http/query-options.ts";
import { fieldsOf, objectOf, printed, withValueAt } from "../json.ts";
import { apiVersionOf, splitApiVersion } from "../kinds.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject, ScalePaths } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { namedVersion } from "./scale-object.ts";

/** What an applied `Scale` wants: undefined when it says nothing of the replicas. */
export interface AppliedScale {
  readonly replicas: Json | undefined;
  readonly metadata: JsonObject;
}

/** Throws 400 for what is no `Scale`, is another's, or has fields that a `Scale` has not. */
export function appliedScale(value: JsonObject, request: ObjectRequest): AppliedScale {
  const { apiVersion = "", kind = "", ...content } = value;
  if (apiVersion !== "autoscaling/v1" || kind !== "Scale") {
    const [group, version] = splitApiVersion(printed(apiVersion));
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${printed(kind)}`);
  }
  const metadata = objectOf(content["metadata"]);
  checkMetadata(metadata, request);
  const spec = objectOf(content["spec"]);
  const unknown = [
    ...namesBeside(content, ["metadata", "spec", "status"]),
    ...namesBeside(spec, ["replicas"]).map((name) => `spec.${name}`),
  ];
  if (unknown[0] !== undefined)
    throw notTyped(`.${unknown[0]}: field not declared in schema`, request);
  return { replicas: spec["replicas"] ?? undefined, metadata };
}

function checkMetadata(metadata: JsonObject, { name, namespace }: ObjectRequest): void {
  if (metadata["managedFields"] !== undefined)
    throw badRequest("metadata.managedFields must be nil");
  const given = metadata["name"] ?? name;
  if (given !== name) {
    throw badRequest(
      `the name of the object (${printed(given)}) does not match the name on the URL (${name})`,
    );
  }
  if ((metadata["namespace"] ?? namespace) !== namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
}

function namesBeside(value: JsonObject, known: readonly string[]): readonly string[] {
  return fieldsOf(value)
    .map(([name]) => name)
    .filter((name) => !known.includes(name));
}

function notTyped(because: string, { name, namespace = "" }: ObjectRequest): Error {
  return badRequest(
    `failed to create typed patch object (${namespace}/${name}; autoscaling/v1, Kind=Scale): ` +
      because,
  );
}

/** The object with the replicas that its manager applies, which then owns them below `/scale`. */
export function withAppliedScale(
  live: KubeObject,
  { replicas, metadata }: AppliedScale,
  applying: {
    readonly request: ObjectRequest;
    readonly scale: ScalePaths;
    readonly options: WriteOptions;
  },
): KubeObject {
  const { request, scale, options } = applying;
  const { api, kind, version, name, namespace } = request;
  const apiVersion = apiVersionOf(kind, version.name);
  const identity: KubeObject = {
    apiVersion,
    kind: kind.kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...namedVersion(metadata) },
  };
  const applied = withValueAt(identity, scale.specReplicas, replicas) as KubeObject;
  return serverSideApply({
    live,
    applied: replicas === undefined ? identity : applied,
    sent: {},
    shape: objectShape(version),
    inVersion: inVersionOf(api.kinds, kind),
    manager: options.manager,
    apiVersion,
    subresource: "scale",
    hasStatus: kind.hasStatus,
    force: options.force,
    now: kubeTime(api.clock.now()),
  });
}
