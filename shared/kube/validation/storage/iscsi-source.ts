import type { Json } from "../../../lib/kube-object.ts";
import { requiredValue } from "../../field-errors.ts";
import { at, textOf } from "../../json.ts";
import { between } from "../number-rules.ts";
import { all, fields, type Rule, required, text, whole } from "../rule.ts";
import { isThere } from "../zero-values.ts";

/** RFC 3722 has names of at most 223 bytes; what is far longer is left to the node. */
const checkedCharactersMax = 1000;

const formats: ReadonlyMap<string, RegExp> = new Map([
  ["iqn", /iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\t\n\f\r ]+$/],
  ["eui", /^eui.[A-Za-z0-9]{16}$/],
  ["naa", /^naa.[A-Za-z0-9]{32}$/],
]);

const startSentence = "must be valid format starting with iqn, eui, or naa";
const formatSentence = "must be valid format";

/** "iqn.2001-04.com.example:storage.disk1" */
function diskName(otherStart: string): Rule {
  return text((value) => {
    const format = formats.get(value.slice(0, 3));
    if (format === undefined) return [otherStart];
    return value.length > checkedCharactersMax || format.test(value) ? [] : [formatSentence];
  });
}

const chapSecret = whole((value, path) => {
  const isNeeded = value["chapAuthDiscovery"] === true || value["chapAuthSession"] === true;
  return isNeeded && !isThere(value, "secretRef") ? [requiredValue(`${path}.secretRef`)] : [];
});

/** The initiator's path is in lower case, as a kube-apiserver tells it. */
function initiator(otherStart: string): Rule {
  const rule = diskName(otherStart);
  return whole((value, path) => rule(at(value, "initiatorName"), `${path}.initiatorname`));
}

/** The iSCSI disk of a pod's volume. */
export const iscsiSource: Rule = all(
  fields({
    targetPortal: required(),
    iqn: required(diskName(startSentence)),
    lun: between(0, 255),
  }),
  chapSecret,
  initiator(startSentence),
);

/** The iSCSI disk of a PersistentVolume. */
export const iscsiPersistentSource: Rule = all(
  fields({
    targetPortal: required(),
    iqn: required(diskName(formatSentence)),
    lun: between(0, 255),
  }),
  chapSecret,
  fields({ secretRef: fields({ name: required() }) }),
  initiator(formatSentence),
);

/** With an initiator, a node makes an interface named after the volume and the portal. */
export function hasLongInterfaceName(volumeName: string, iscsi: Json | undefined): boolean {
  const portal = textOf(at(iscsi, "targetPortal")) ?? "";
  return isThere(iscsi, "initiatorName") && `${volumeName}:${portal}`.length > 64;
}

export const longInterfaceName =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if " +
  "iscsi.initiatorName is specified.";
