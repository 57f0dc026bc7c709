import { at, isString } from "../json.ts";
import { selectorText } from "../selector/label-selector-text.ts";
import type { KubeObject, ScalePaths } from "../served-kind.ts";

/** The `autoscaling/v1 Scale` of an object. */
export function scaleOf(live: KubeObject, paths: ScalePaths): KubeObject {
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

/** What a write of a scale may say of its object beside its replicas: which one it means. */
export function namedVersion(scale: KubeObject["metadata"]): KubeObject["metadata"] {
  const { resourceVersion, uid } = scale;
  return {
    ...(isString(resourceVersion) && { resourceVersion }),
    ...(isString(uid) && { uid }),
  };
}
