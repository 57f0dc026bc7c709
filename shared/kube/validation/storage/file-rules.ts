import { each, fields, number, type Rule, required, text } from "../rule.ts";
import { relativePath } from "../text-rules.ts";

/** What files look like that are made of ConfigMaps, Secrets and the downward API. */

/** The permissions of a file: 0644, which is 420. */
export const fileMode = number((value) =>
  value >= 0 && value <= 0o777
    ? []
    : ["must be a number between 0 and 0777 (octal), both inclusive"],
);

const unreserved = text((value) =>
  value.startsWith("..") && !value.startsWith("../") ? ["must not start with '..'"] : [],
);

/** A path below its volume; names with two dots in front are how a kubelet swaps its content. */
export const filePath: Rule = (value, path) => [
  ...relativePath(value, path),
  ...unreserved(value, path),
];

/** Which keys become files, and where: "configMap.items". */
export const keyItems: Rule = each(
  fields({ key: required(), path: required(filePath), mode: fileMode }),
);
