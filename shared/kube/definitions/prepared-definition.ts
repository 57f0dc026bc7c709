import type { JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, textOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import { established, namesAccepted } from "./accepted-names.ts";
import { conditionOf, withConditions } from "./definition-conditions.ts";

/**
 * A definition with what the server decides: names that follow from the kind, and which versions
 * are stored. A definition is served as soon as it is kept, so it is established from the start;
 * that its names are taken is found out later, when others are looked at (`settledDefinition`).
 */
export function preparedDefinition(
  definition: KubeObject,
  before?: KubeObject,
  now?: string,
): KubeObject {
  const spec = objectOf(definition["spec"]);
  const given = objectOf(spec["names"]);
  const kind = textOf(given["kind"]) ?? "";
  const names = {
    ...given,
    singular: given["singular"] ?? kind.toLowerCase(),
    listKind: given["listKind"] ?? `${kind}List`,
  };
  const { preserveUnknownFields, ...rest } = spec;
  const prepared = {
    ...definition,
    spec: {
      ...rest,
      ...(preserveUnknownFields === true && { preserveUnknownFields }),
      names,
      conversion: spec["conversion"] ?? { strategy: "None" },
    },
  };
  return { ...prepared, status: statusOf(prepared, names, { before, now }) };
}

function statusOf(
  definition: KubeObject,
  names: JsonObject,
  { before, now }: { readonly before: KubeObject | undefined; readonly now: string | undefined },
): JsonObject {
  const status = objectOf(definition["status"]);
  // Who takes the version away that is stored is told so.
  const former = arrayOf(at(before?.["status"], "storedVersions"));
  const isRefused = conditionOf(definition, "NamesAccepted")?.["status"] === "False";
  const storage = arrayOf(at(definition["spec"], "versions"))
    .filter((version) => isObject(version) && version["storage"] === true)
    .map((version) => objectOf(version)["name"])
    .filter(isString);
  const stored = arrayOf(status["storedVersions"]);
  return {
    ...status,
    acceptedNames: isRefused ? status["acceptedNames"] : names,
    conditions: isRefused
      ? status["conditions"]
      : withConditions(definition, [namesAccepted, established], now),
    storedVersions: [
      ...stored,
      ...storage.filter((name) => !stored.includes(name) && !former.includes(name)),
    ],
  };
}
