/**
 * The manifest of a hub object: what is wanted, without what a server or a controller added.
 *
 * @see KubeFleet's rules: server-set metadata, owner references, status, kubectl's and the
 * Deployment controller's annotations, a Service's allocated addresses and ports, a Job's generated
 * selector.
 */
import type { Document } from "../lib/document.ts";
import type { Json, JsonObject, KubeBody } from "../lib/kube-object.ts";
import type { Manifest } from "../rollout/model.ts";
import type { HubResource } from "./hub-resources.ts";

const droppedAnnotations = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
];

export function manifestOf(resource: HubResource, { key, body }: Document<KubeBody>): Manifest {
  const { metadata, status: _, ...rest } = body as KubeBody & JsonObject;
  const { group, version, kind } = resource;
  const { labels, annotations, finalizers } = metadata;
  return {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: {
      name: key.name,
      ...(key.namespace !== undefined && { namespace: key.namespace }),
      ...(isFilled(labels) && { labels }),
      ...annotationsOf(annotations),
      ...(finalizers !== undefined && finalizers.length > 0 && { finalizers }),
    },
    ...(cleaners[`${group}/${kind}`]?.(rest) ?? rest),
  };
}

const isFilled = (record: object | undefined): boolean =>
  record !== undefined && Object.keys(record).length > 0;

function annotationsOf(annotations: Readonly<Record<string, string>> = {}): JsonObject {
  const kept = Object.entries(annotations).filter(([name]) => !droppedAnnotations.includes(name));
  return kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
}

type Cleaner = (rest: JsonObject) => JsonObject;

const cleaners: Readonly<Record<string, Cleaner>> = {
  /** Its spec holds only the finalizer of Kubernetes' own namespace controller. */
  "/Namespace": ({ spec: _, ...rest }) => rest,
  "/Service": (rest) => withSpec(rest, cleanService),
  "batch/Job": (rest) => withSpec(rest, cleanJob),
};

function withSpec(rest: JsonObject, clean: Cleaner): JsonObject {
  return isObject(rest["spec"]) ? { ...rest, spec: clean(rest["spec"]) } : rest;
}

function cleanService(spec: JsonObject): JsonObject {
  const { clusterIP, clusterIPs, healthCheckNodePort: _, ports, ...rest } = spec;
  return {
    ...rest,
    ...(clusterIP === "None" && { clusterIP, ...(clusterIPs !== undefined && { clusterIPs }) }),
    ...(Array.isArray(ports) && { ports: (ports as readonly Json[]).map(withoutNodePort) }),
  };
}

function withoutNodePort(port: Json): Json {
  if (!isObject(port)) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}

const generatedLabels = ["controller-uid", "batch.kubernetes.io/controller-uid"];

/** A Job that names its pods itself ("manualSelector") keeps its selector. */
function cleanJob(spec: JsonObject): JsonObject {
  if (spec["manualSelector"] === true) return spec;
  const { selector: _, template, ...rest } = spec;
  if (!isObject(template) || !isObject(template["metadata"]))
    return { ...rest, ...(template !== undefined && { template }) };
  const { labels, ...metadata } = template["metadata"];
  const kept = Object.entries(isObject(labels) ? labels : {}).filter(
    ([name]) => !generatedLabels.includes(name),
  );
  const labelled = kept.length === 0 ? metadata : { ...metadata, labels: Object.fromEntries(kept) };
  return { ...rest, template: { ...template, metadata: labelled } };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
