import type { GroupVersionSeen } from "../../effects/members.ts";
import { arrayOf, fieldsOf, isObject, isString, objectOf } from "../../kube/json.ts";
import { closedSchemas } from "../../kube/openapi/closed-schemas.ts";
import { packSchemas } from "../../kube/openapi/packed-schemas.ts";
import { groupVersionPath } from "../../kube/openapi/schema-set.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { KeptSchemas } from "./model.ts";

/** Core's have 100,000. */
const gzipCharactersMax = 1_200_000;

/** What is kept of a group version: the schemas of its built-in kinds and what they refer to. */
export function keptSchemas(
  { groupVersion, hash, schemas }: GroupVersionSeen,
  builtIn: readonly string[],
): KeptSchemas {
  const names = namesOfKinds(groupVersion, schemas);
  const known = builtIn.flatMap((kind): [string, string][] => {
    const name = names.get(kind);
    return name === undefined ? [] : [[kind, name]];
  });
  const roots = known.flatMap(([, name]) => [name, `${name}List`]);
  const closed = closedSchemas(schemas, { roots, describes: () => true });
  const gzip = packSchemas(closed).toString("base64");
  const isTooLarge = gzip.length > gzipCharactersMax;
  return isTooLarge
    ? { hash, kinds: {}, gzip: "" }
    : { hash, kinds: Object.fromEntries(known), gzip };
}

/** By what schemas say of themselves; the first one that says so describes a kind. */
function namesOfKinds(groupVersion: string, schemas: JsonObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, schema] of fieldsOf(schemas)) {
    for (const told of arrayOf(objectOf(schema)["x-kubernetes-group-version-kind"])) {
      if (!isObject(told)) continue;
      const { group, version, kind } = told;
      if (!isString(group) || !isString(version) || !isString(kind) || names.has(kind)) continue;
      if (groupVersionPath(group, version) === groupVersion) names.set(kind, name);
    }
  }
  return names;
}
