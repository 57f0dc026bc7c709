import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, fields, number, type Rule, required } from "../rule.ts";
import { isThere } from "../zero-values.ts";
import { downwardApiFiles } from "./downward-api-source.ts";
import { fileMode, filePath, keyItems } from "./file-rules.ts";

/** What can be projected; what a newer Kubernetes knows besides is left to it. */
const sourceNames = [
  "secret",
  "configMap",
  "downwardAPI",
  "serviceAccountToken",
  "clusterTrustBundle",
  "podCertificate",
];

/** Sources with a path per file, which must not meet in one directory. */
const keys = fields({ name: required(), items: keyItems });
const fileSources: readonly (readonly [name: string, rule: Rule])[] = [
  ["secret", keys],
  ["configMap", keys],
  ["downwardAPI", downwardApiFiles],
];

/** How long a token lives; also that of a CSI driver. */
export const tokenSeconds: Rule = number((value) => {
  if (value < 600) return ["may not specify a duration less than 10 minutes"];
  return value > 2 ** 32 ? ["may not specify a duration larger than 2^32 seconds"] : [];
});

const token = fields({ expirationSeconds: tokenSeconds });

/** Several sources in one directory: "volumes[0].projected". */
export const projectedSource: Rule = all(fields({ defaultMode: fileMode }), (value, path) => {
  const taken = new Set<string>();
  return errorsOfItems(arrayOf(at(value, "sources")), (source, index) => {
    const where = `${path}.sources[${index}]`;
    const count = sourceNames.filter((name) => isThere(source, name)).length;
    const because = "may not specify more than 1 volume type per source";
    return [
      ...fileSources.flatMap(([name, rule]) => [
        ...rule(at(source, name), `${where}.${name}`),
        ...errorsOfItems(toldConflicts(at(source, name), taken), (told) => [
          invalidValue(path, told, "conflicting duplicate paths"),
        ]),
      ]),
      ...tokenErrors(source, path, where),
      ...(count > 1 ? [forbiddenField(where, because)] : []),
    ];
  });
});

/** A source with a name is told by it, once; one without by each of its paths. */
function toldConflicts(source: Json | undefined, taken: Set<string>): readonly string[] {
  const paths = takenPaths(source, taken);
  const name = textOf(at(source, "name"));
  return name === undefined || paths.length === 0 ? paths : [name];
}

/** The paths of a source that others have taken before; the rest are taken from here on. */
function takenPaths(source: Json | undefined, taken: Set<string>): readonly string[] {
  return arrayOf(at(source, "items")).flatMap((item) => {
    const file = at(item, "path");
    if (!isString(file) || file === "") return [];
    if (taken.has(file)) return [file];
    taken.add(file);
    return [];
  });
}

/** The path of a token is told as if it were that of the volume. */
function tokenErrors(source: Json, path: string, where: string): readonly FieldError[] {
  if (!isThere(source, "serviceAccountToken")) return [];
  const given = at(source, "serviceAccountToken");
  const file = at(given, "path");
  return [
    ...token(given, `${where}.serviceAccountToken`),
    ...(file === undefined || file === "" ? [requiredValue(`${path}.path`)] : []),
    ...filePath(file, `${path}.path`),
  ];
}
