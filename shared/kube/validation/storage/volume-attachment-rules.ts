import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { at, textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import { type ObjectRule, type Rule, required, struct } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { anyText, isThere } from "../zero-values.ts";
import { csiDriverName } from "./csi-driver-name.ts";

const source: Rule = (value, path) => {
  const hasInline = isThere(value, "inlineVolumeSpec");
  const hasName = isThere(value, "persistentVolumeName");
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (!hasInline && !hasName) return [requiredValue(path, one)];
  if (hasInline && hasName) return [forbiddenField(path, one)];
  const named = required(undefined, "must specify non empty persistentVolumeName");
  return hasName ? named(at(value, "persistentVolumeName"), `${path}.persistentVolumeName`) : [];
};

const nodeName: Rule = (value, path) => {
  const name = textOf(value) ?? "";
  return nameErrors("dns-subdomain", name).map((because) => invalidValue(path, name, because));
};

/** What only a new attachment is asked: older ones may have been made when names were free. */
const namesOfNew: Rule = (value, path) => [
  ...csiDriverName(at(value, "attacher"), `${path}.attacher`),
  ...anyText((name) => nameErrors("dns-subdomain", name))(
    at(value, "source", "persistentVolumeName"),
    `${path}.source.persistentVolumeName`,
  ),
];

const ofAll = struct({ spec: struct({ attacher: required(), source, nodeName }) });
const ofNew = struct({ spec: namesOfNew });

/**
 * A `storage.k8s.io/v1 VolumeAttachment`: a volume that is to be attached to a node. Its spec stays
 * as it was.
 *
 * @see https://kubernetes-csi.github.io/docs/external-attacher.html
 */
export const volumeAttachmentRules: ObjectRule = (attachment, before) => {
  const errors = ofAll(attachment, "");
  if (before === undefined) return [...errors, ...ofNew(attachment, "")];
  const spec = at(attachment, "spec");
  if (meansTheSame(spec, at(before, "spec"))) return errors;
  return [...errors, invalidValue("spec", spec ?? null, "field is immutable")];
};
