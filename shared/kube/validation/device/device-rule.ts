import type { JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { fieldsOf, isObject, objectOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, type Rule, text, whole } from "../rule.ts";
import { anyText, isSet, orEmpty } from "../zero-values.ts";
import { attributeName } from "./attribute-name-rules.ts";
import { chosenFlag, chosenLabels, chosenNode, shownChoices } from "./device-node-choice.ts";

const valueBytesMax = 64;
const namesMax = 32;

/** A list of them is what newer members know. */
const kindsOfValues = ["bool", "int", "string", "version", "bools", "ints", "strings", "versions"];

const shortText: Rule = (value, path) =>
  typeof value === "string" && Buffer.byteLength(value) > valueBytesMax
    ? [tooLong(path, valueBytesMax)]
    : [];

const number = "(?:0|[1-9][0-9]*)";
const label = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
const semver = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-${label}(?:\\.${label})*)?` +
    "(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
);

/** A long one is not looked at, as it is refused anyway. */
const version: Rule = all(
  text((value) =>
    value.length > valueBytesMax || semver.test(value)
      ? []
      : ["must be a string compatible with semver.org spec 2.0.0"],
  ),
  shortText,
);

const values: Rule = fields({
  string: shortText,
  version,
  strings: each(shortText),
  versions: each(version),
});

const attribute: Rule = all(
  values,
  whole((value, path) => {
    const because = "exactly one value must be specified";
    const kinds = kindsOfValues.filter((kind) => isSet(value[kind]));
    if (kinds.length > 1) return [invalidValue(path, value, because)];
    return Object.keys(value).length === 0 ? [requiredValue(path, because)] : [];
  }),
);

/** Each name of a map, and what it stands for. */
function named(rule: Rule): Rule {
  return whole((map, path) =>
    errorsOfItems(fieldsOf(map), ([key, value]) => {
      const where = `${path}[${key}]`;
      return [...attributeName(key, where), ...rule(value, where)];
    }),
  );
}

function tooManyNames(device: JsonObject, path: string): readonly FieldError[] {
  const maps = [device["attributes"], device["capacity"]].map(objectOf);
  const count = maps.reduce((sum, map) => sum + Object.keys(map).length, 0);
  const because = `the total number of attributes and capacities must not exceed ${namesMax}`;
  return count > namesMax ? [invalidValue(path, count, because)] : [];
}

/** The nodes that have the device, where each device says them for itself. */
function ownNodes(device: JsonObject, path: string): readonly FieldError[] {
  const choices = [
    chosenNode(device, path, "must not be empty"),
    chosenLabels(device, path, false),
    chosenFlag(device, path, "allNodes"),
  ];
  const made = choices.flatMap((choice) => choice.made);
  const because =
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when " +
    "`perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  return [
    ...choices.flatMap(({ errors }) => errors),
    ...(made.length === 0 ? [requiredValue(path, because)] : []),
    ...(made.length > 1 ? [invalidValue(path, shownChoices(made), because)] : []),
  ];
}

function noNodes(device: JsonObject, path: string): readonly FieldError[] {
  const isChosen = ["nodeName", "nodeSelector", "allNodes"].some((name) => isSet(device[name]));
  const because =
    "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is " +
    "set to true in the ResourceSlice spec";
  return isChosen ? [invalidValue(path, null, because)] : [];
}

const content: Rule = all(
  fields({ name: orEmpty(anyText((value) => nameErrors("dns-label", value))) }),
  whole(tooManyNames),
  fields({ attributes: named(attribute), capacity: named(() => []) }),
);

/** A device of a ResourceSlice, which may have nodes of its own. */
export function deviceRule(hasOwnNodes: boolean): Rule {
  const nodes = hasOwnNodes ? ownNodes : noNodes;
  return (value, path) => (isObject(value) ? [...content(value, path), ...nodes(value, path)] : []);
}
