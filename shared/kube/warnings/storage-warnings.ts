import { arrayOf, at, objectOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import { classAnnotationWarnings } from "./claim-warnings.ts";
import {
  deprecatedLabel,
  labelMapWarnings,
  nodeSelectorWarnings,
  nodeTermWarnings,
} from "./node-label-warnings.ts";
import { retiredSourceWarnings } from "./volume-warnings.ts";
import type { Warnings } from "./warnings.ts";

/** @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/ */
export const persistentVolumeWarnings: Warnings = function* (volume) {
  yield* classAnnotationWarnings(volume);
  const spec = objectOf(volume["spec"]);
  if (spec["persistentVolumeReclaimPolicy"] === "Recycle") {
    yield "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. " +
      "Instead, the recommended approach is to use dynamic provisioning.";
  }
  const terms = arrayOf(at(spec, "nodeAffinity", "required", "nodeSelectorTerms"));
  for (const [index, term] of terms.entries()) {
    yield* nodeTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`);
  }
  yield* retiredSourceWarnings(spec, "spec");
};

/** Where volumes of a StorageClass may be, by labels of nodes. */
export const storageClassWarnings: Warnings = function* (storageClass) {
  for (const [index, term] of arrayOf(storageClass["allowedTopologies"]).entries()) {
    for (const [position, expression] of arrayOf(at(term, "matchLabelExpressions")).entries()) {
      const because = deprecatedLabel(at(expression, "key"));
      if (because === undefined) continue;
      yield `allowedTopologies[${index}].matchLabelExpressions[${position}].key: ${because}`;
    }
  }
};

export const storageCapacityWarnings: Warnings = function* (capacity) {
  yield* nodeSelectorWarnings(capacity["nodeTopology"], "nodeTopology");
};

/** Nodes that have a runtime. */
export const runtimeClassWarnings: Warnings = function* (runtimeClass) {
  const selector = at(runtimeClass["scheduling"], "nodeSelector");
  yield* labelMapWarnings(selector, () => "scheduling.nodeSelector");
};

const mountableSecrets = "kubernetes.io/enforce-mountable-secrets";

/** Secrets that only some pods may mount. */
export const serviceAccountWarnings: Warnings = function* (account, before) {
  const hasIt = (object: KubeObject | undefined): boolean =>
    at(object, "metadata", "annotations", mountableSecrets) !== undefined;
  if (!hasIt(account) || hasIt(before)) return;
  yield `metadata.annotations[${mountableSecrets}]: deprecated in v1.32+; prefer separate ` +
    "namespaces to isolate access to mounted secrets";
};
