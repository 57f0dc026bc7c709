import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  mergeTag,
} from "js-yaml";
import { assertExactNumber } from "./exact-number.ts";

const octal = /^[-+]?0[0-7]+$/;

/** YAML 1.2 reads 0644 as 644; Kubernetes reads YAML 1.1, in which it is the mode of a file. */
const intTag = defineScalarTag(intCoreTag.tagName, {
  ...intCoreTag,
  resolve: (source, _isExplicit, tagName) => {
    const plain = source.replaceAll("_", "");
    if (octal.test(plain)) return Number.parseInt(plain, 8);
    const found = intCoreTag.resolve(plain, true, tagName);
    if (typeof found === "number") assertExactNumber(plain.replace(/^[-+](?=0[a-z])/, ""));
    return found;
  },
});

const floatTag = defineScalarTag(floatCoreTag.tagName, {
  ...floatCoreTag,
  resolve: (source, isExplicit, tagName) => {
    const found = floatCoreTag.resolve(source.replaceAll("_", ""), isExplicit, tagName);
    // JSON has no ".inf".
    if (typeof found === "number" && !Number.isFinite(found)) assertExactNumber(source);
    return found;
  },
});

/**
 * How bodies in YAML are read: as a kube-apiserver reads them, whose YAML is a 1.1 of its own.
 * Words like "yes" and "off" are booleans, also as keys (`y: 1` is a field "true"), `<<` takes over
 * the fields of another map, 0644 is an octal number and 1_000 a thousand; dates and times of a day
 * stay text.
 *
 * @see https://github.com/kubernetes-sigs/yaml
 */
export const yamlSchema = CORE_SCHEMA.withTags(intTag, floatTag, boolYaml11Tag, mergeTag);

const marker = /^(---|\.\.\.)(?=\s|$)/;
const preface = /^\s*(?:#.*|%.*)?$/;

/** The first document of a stream: a kube-apiserver does not look at the others. */
export function firstDocument(text: string): string {
  let start = 0;
  let hasBegun = false;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    if (hasBegun && marker.test(line)) return text.slice(0, start);
    hasBegun ||= marker.test(line) || !preface.test(line);
    if (end < 0) return text;
    start = end + 1;
  }
  return text;
}
