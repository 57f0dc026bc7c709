import type { JsonObject } from "../../lib/kube-object.ts";
import type { KubeObject } from "../served-kind.ts";

/** What an object says beside what every object has: its spec, its status, its data. */
export function contentOf(object: KubeObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...content } = object;
  return content;
}

/** The object with this content, and nothing of what it had. */
export function withContent(object: KubeObject, content: JsonObject): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata, ...content };
}
