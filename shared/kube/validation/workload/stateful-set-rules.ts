import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, isObject, isString, objectOf, omit } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { nonNegative } from "../number-rules.ts";
import {
  keptRunning,
  selectedTemplateRule,
  templateMetadataRule,
} from "../pod/pod-template-rule.ts";
import {
  all,
  fields,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  struct,
  whole,
} from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { comparedClaimSpec } from "../storage/compared-claim-spec.ts";
import { workloadSelector } from "./workload-selector-rules.ts";

const podManagementPolicy: Rule = (value, path) =>
  !isString(value) || ["", "OrderedReady", "Parallel"].includes(value)
    ? []
    : [invalidValue(path, value, "must be 'OrderedReady' or 'Parallel'")];

const updateStrategy: Rule = whole((value, path) => {
  const { rollingUpdate } = value;
  const type = value["type"] || "RollingUpdate";
  if (type === "OnDelete") {
    const because = "only allowed for updateStrategy 'RollingUpdate'";
    if (!isObject(rollingUpdate)) return [];
    return [invalidValue(`${path}.rollingUpdate`, rollingUpdate, because)];
  }
  if (type !== "RollingUpdate" && isString(type)) {
    return [invalidValue(path, value, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  return fields({ partition: nonNegative })(rollingUpdate, `${path}.rollingUpdate`);
});

const retention = oneOf("Delete", "Retain");

/** What may change in a StatefulSet's spec; fields that are not known here may change too. */
const fixedFields: Readonly<Record<string, (value: Json | undefined) => Json | undefined>> = {
  selector: (value) => value,
  serviceName: (value) => value ?? "",
  podManagementPolicy: (value) => value || "OrderedReady",
  volumeClaimTemplates: (value) => arrayOf(value).map((each) => comparedClaim(objectOf(each))),
};

/** A claim without what the server sets: its own kind, its status, its defaults. */
function comparedClaim(claim: JsonObject): JsonObject {
  return {
    ...omit(claim, ["apiVersion", "kind", "status"]),
    metadata: omit(objectOf(claim["metadata"]), ["creationTimestamp"]),
    spec: comparedClaimSpec(objectOf(claim["spec"])),
  };
}

const changeSentence =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
  "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and " +
  "'minReadySeconds' are forbidden";

function changeErrors(object: KubeObject, before?: KubeObject): readonly FieldError[] {
  const spec = objectOf(object["spec"]);
  const old = objectOf(before?.["spec"]);
  const isSame = Object.entries(fixedFields).every(([name, compared]) =>
    meansTheSame(compared(spec[name]), compared(old[name])),
  );
  return isSame ? [] : [forbiddenField("spec", changeSentence)];
}

/**
 * What a StatefulSet must be. The spec of its pods is left to the StatefulSet's controller, as a
 * kube-apiserver does: their volumes come from its claims.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
 */
export const statefulSetRules: ObjectRule = objectRule(
  struct({
    spec: all(
      struct({
        podManagementPolicy,
        updateStrategy,
        persistentVolumeClaimRetentionPolicy: fields({
          whenDeleted: retention,
          whenScaled: retention,
        }),
        replicas: nonNegative,
        minReadySeconds: nonNegative,
        ordinals: fields({ start: nonNegative }),
        selector: workloadSelector("statefulset"),
      }),
      selectedTemplateRule,
      struct({ template: all(templateMetadataRule, keptRunning("StatefulSet")) }),
    ),
  }),
  changeErrors,
);
