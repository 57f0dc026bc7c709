import { StatusError } from "../status-error.ts";
import { type MediaType, parseAccept } from "./media-type.ts";

/** How a client wants to see objects. */
export interface Presentation {
  /** "Table" for `kubectl get`; "PartialObjectMetadata" (a list too) for metadata informers. */
  readonly as: "Object" | "Table" | "PartialObjectMetadata";
  readonly format: "json" | "yaml";
  /** The version of `meta.k8s.io` that a table or partial metadata is in. */
  readonly metaVersion: "v1" | "v1beta1";
}

const plain: Presentation = { as: "Object", format: "json", metaVersion: "v1" };

/**
 * Throws 406 when the client takes nothing that is served. Kubernetes' own kinds have two checks,
 * the first of them by the type alone: `routed` is what that one lists.
 */
export function negotiate(accept: string | null, routed?: readonly string[]): Presentation {
  const wanted = parseAccept(accept);
  if (wanted.length === 0) return plain;
  if (routed !== undefined && !wanted.some(({ type }) => type === "*/*" || isWritten(type))) {
    const message = `406: Not Acceptable\n\nAvailable representations: ${routed.join(", ")}`;
    throw new StatusError(406, "NotAcceptable", message, {});
  }
  for (const each of wanted) {
    const presentation = presentationOf(each);
    if (presentation !== undefined) return presentation;
  }
  throw new StatusError(
    406,
    "NotAcceptable",
    `only the following media types are accepted: ${writtenTypes.join(", ")}`,
  );
}

/** What a kube-apiserver writes; protobuf is named in refusals and, here, never written. */
export const writtenTypes = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
] as const;

/** What lists can be written in, watches included. */
export const streamedTypes = [
  ...writtenTypes,
  "application/json;stream=watch",
  "application/vnd.kubernetes.protobuf;stream=watch",
] as const;

function isWritten(type: string): boolean {
  return (writtenTypes as readonly string[]).includes(type);
}

function presentationOf({ type, parameters }: MediaType): Presentation | undefined {
  const format = formatOf(type);
  if (format === undefined) return undefined;
  const { as, g: group, v: version } = parameters;
  if (as === undefined) return { ...plain, format };
  if (group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  if (as === "Table") return { as: "Table", format, metaVersion: version };
  if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
    return { as: "PartialObjectMetadata", format, metaVersion: version };
  }
  return undefined;
}

function formatOf(type: string): "json" | "yaml" | undefined {
  switch (type) {
    case "application/json":
    case "application/*":
    case "*/*":
      return "json";
    case "application/yaml":
      return "yaml";
    default:
      return undefined;
  }
}
