import type { JsonObject } from "../../lib/kube-object.ts";
import { splitApiVersion } from "../kinds.ts";
import { badRequest, unsupportedMediaType } from "../status-error.ts";
import { decodeMessage } from "./decode-message.ts";
import { messageOf } from "./messages.ts";
import { unknownFields } from "./unknown-fields.ts";
import { readFields } from "./wire.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";

/** Protobuf bodies begin with this. */
const magic = Buffer.from("k8s\0");

/** The object in a body, and what was skipped in it. */
export interface DecodedBody {
  readonly value: JsonObject;
  /** Fields that are not known and have a value: `unknown protobuf field 41 of …`. */
  readonly unknown: readonly string[];
}

/**
 * The object in a protobuf body: what kubectl's imperative `create` and typed Go clients send.
 * Answers are always JSON, which those clients accept too.
 *
 * Throws 415 for a kind that is not known in this form, 400 for what cannot be read.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding-idl
 */
export function decodeProtobufBody(bytes: Uint8Array): DecodedBody {
  const body = Buffer.from(bytes);
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw badRequest("the body has no magic number of Kubernetes' protobuf encoding");
  }
  try {
    return decodeEnvelope(body.subarray(magic.length));
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError)
      throw badRequest(error.message);
    throw error;
  }
}

/** `runtime.Unknown`: what it is in field 1, the message in field 2. */
function decodeEnvelope(bytes: Buffer): DecodedBody {
  let typeMeta: Buffer = Buffer.alloc(0);
  let raw: Buffer = Buffer.alloc(0);
  for (const { field, value } of readFields(bytes)) {
    if (typeof value === "bigint") continue;
    if (field === 1) typeMeta = value;
    else if (field === 2) raw = value;
  }
  const names = new Map(
    [...readFields(typeMeta)].map(({ field, value }) => [field, value.toString()]),
  );
  const apiVersion = names.get(1) ?? "";
  const kind = names.get(2) ?? "";
  const message = messageFor(apiVersion, kind);
  if (message === undefined) {
    throw unsupportedMediaType(["application/json", "application/yaml"]);
  }
  // DeleteOptions are sent in the version of what is deleted.
  const version = kind === "DeleteOptions" ? "v1" : apiVersion;
  const unknown = unknownFields();
  const value = { apiVersion: version, kind, ...decodeMessage(message, raw, unknown) };
  return { value, unknown: unknown.warnings() };
}

/** The groups and versions whose messages are in the tables, by name: `EndpointPort` is core's. */
const groups: Readonly<Record<string, string>> = {
  "": "v1",
  "admissionregistration.k8s.io": "v1",
  "apiextensions.k8s.io": "v1",
  "apiregistration.k8s.io": "v1",
  apps: "v1",
  "authentication.k8s.io": "v1",
  "authorization.k8s.io": "v1",
  autoscaling: "v2",
  batch: "v1",
  "certificates.k8s.io": "v1",
  "coordination.k8s.io": "v1",
  "discovery.k8s.io": "v1",
  "flowcontrol.apiserver.k8s.io": "v1",
  "networking.k8s.io": "v1",
  "node.k8s.io": "v1",
  policy: "v1",
  "rbac.authorization.k8s.io": "v1",
  "resource.k8s.io": "v1",
  "scheduling.k8s.io": "v1",
  "storage.k8s.io": "v1",
};

/** Messages of versions beside those, under the names that the tables give them. */
const others: Readonly<Record<string, string>> = {
  "autoscaling/v1 HorizontalPodAutoscaler": "HorizontalPodAutoscalerV1",
  "autoscaling/v1 Scale": "Scale",
  "events.k8s.io/v1 Event": "EventOfEvents",
};

/** The name of the message; undefined for a kind that is not known in this form. */
function messageFor(apiVersion: string, kind: string): string | undefined {
  if (kind === "DeleteOptions") return kind;
  const name = `${apiVersion} ${kind}`;
  if (Object.hasOwn(others, name)) return others[name];
  const [group, version] = splitApiVersion(apiVersion);
  const isServed = Object.hasOwn(groups, group) && groups[group] === version;
  return isServed && messageOf(kind) !== undefined ? kind : undefined;
}
