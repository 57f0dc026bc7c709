import type { Json } from "../../../lib/kube-object.ts";
import { forbiddenField } from "../../field-errors.ts";
import { at } from "../../json.ts";
import { annotationErrors, labelErrors } from "../../object/label-rules.ts";
import { all, type Rule, struct, whole } from "../rule.ts";
import { claimSpecRule } from "./claim-spec-rule.ts";

/** What the server or the pod decides of a claim's metadata, by its path where it differs. */
const decidedFields: readonly (readonly [field: string, path: string])[] = [
  ["name", "name"],
  ["generateName", "generateName"],
  ["namespace", "namespace"],
  ["selfLink", "selfLink"],
  ["uid", "uID"],
  ["resourceVersion", "resourceVersion"],
  ["generation", "generation"],
  ["creationTimestamp", "creationTimestamp"],
  ["deletionTimestamp", "deletionTimestamp"],
  ["deletionGracePeriodSeconds", "deletionGracePeriodSeconds"],
  ["ownerReferences", "ownerReferences"],
  ["finalizers", "finalizers"],
  ["managedFields", "managedFields"],
];

const metadata: Rule = whole((value, path) => [
  ...annotationErrors(value["annotations"], `${path}.annotations`),
  ...labelErrors(value["labels"], `${path}.labels`),
  ...decidedFields
    .filter(([field]) => isDecided(at(value, field)))
    .map(([, shown]) => forbiddenField(`${path}.${shown}`, "cannot be set")),
]);

function isDecided(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && value !== 0;
}

/**
 * The claim that is made for an ephemeral volume: "volumes[0].ephemeral.volumeClaimTemplate". Only
 * labels and annotations can be given of its metadata.
 *
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes
 */
export const claimTemplateRule: Rule = all(
  (value, path) => metadata(at(value, "metadata"), `${path}.metadata`),
  struct({ spec: claimSpecRule }),
);
