import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { isObject, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import {
  all,
  each,
  first,
  immutable,
  itemsAtMost,
  number,
  type ObjectRule,
  type Rule,
  required,
  struct,
  unique,
} from "../rule.ts";
import { csiDriverName } from "../storage/csi-driver-name.ts";
import { orZero } from "../zero-values.ts";
import { chosenFlag, chosenLabels, chosenNode, shownChoices } from "./device-node-choice.ts";
import { deviceRule } from "./device-rule.ts";

const devicesMax = 128;
const poolNameBytesMax = 253;

/** "node-1", "rack-1/node-1": names with slashes between them. */
const poolName: Rule = (value, path) => {
  if (!isString(value)) return [];
  if (Buffer.byteLength(value) > poolNameBytesMax) return [tooLong(path, poolNameBytesMax)];
  return value
    .split("/")
    .flatMap((part) =>
      nameErrors("dns-subdomain", part).map((because) => invalidValue(path, part, because)),
    );
};

const published: Rule = struct({
  driver: csiDriverName,
  pool: struct({
    name: required(poolName),
    resourceSliceCount: orZero(number((value) => (value > 0 ? [] : ["must be greater than zero"]))),
    generation: number((value) => (value >= 0 ? [] : ["must be greater than or equal to zero"])),
  }),
});

const fixed = [
  immutable("spec", "pool", "name"),
  immutable("spec", "driver"),
  immutable("spec", "nodeName"),
];

/** The nodes that have the devices are chosen in one way. */
function nodeErrors(spec: JsonObject): readonly FieldError[] {
  const choices = [
    chosenNode(spec, "spec", "must be either unset or set to a non-empty string"),
    chosenLabels(spec, "spec", true),
    chosenFlag(spec, "spec", "allNodes"),
    chosenFlag(spec, "spec", "perDeviceNodeSelection"),
  ];
  const made = choices.flatMap((choice) => choice.made);
  const because =
    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  const both = `${because}, but multiple fields are set`;
  return [
    ...choices.flatMap(({ errors }) => errors),
    ...(made.length === 0 ? [requiredValue("spec", because)] : []),
    ...(made.length > 1 ? [invalidValue("spec", shownChoices(made), both)] : []),
  ];
}

function devices(hasOwnNodes: boolean): Rule {
  return first(itemsAtMost(devicesMax), all(each(deviceRule(hasOwnNodes)), unique("name")));
}

const devicesWithNodes = devices(true);
const plainDevices = devices(false);

/**
 * What a ResourceSlice must be: the devices that a driver has, and where.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export const resourceSliceRules: ObjectRule = (slice, before) => {
  const spec = slice["spec"] ?? {};
  if (!isObject(spec)) return [];
  const inside = spec["perDeviceNodeSelection"] === true ? devicesWithNodes : plainDevices;
  return [
    ...published(spec, "spec"),
    ...fixed.flatMap((rule) => rule(slice, before)),
    ...nodeErrors(spec),
    ...inside(spec["devices"], "spec.devices"),
  ];
};
