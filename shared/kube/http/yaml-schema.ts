import { CORE_SCHEMA, defineScalarTag, intCoreTag, Schema } from "js-yaml";
import { assertExactNumber } from "./exact-number.ts";

const octal = /^[-+]?0[0-7]+$/;

/** YAML 1.2 reads 0644 as 644; Kubernetes reads YAML 1.1, in which it is the mode of a file. */
const intTag = defineScalarTag(intCoreTag.tagName, {
  ...intCoreTag,
  resolve: (source, isExplicit, tagName) => {
    if (octal.test(source)) return Number.parseInt(source, 8);
    const found = intCoreTag.resolve(source, isExplicit, tagName);
    if (typeof found === "number") assertExactNumber(source);
    return found;
  },
});

/**
 * How bodies in YAML are read: as YAML 1.2, which JSON is a part of, but for octal numbers. Dates
 * and words like "yes" stay text.
 */
export const yamlSchema = new Schema(
  CORE_SCHEMA.tags.map((tag) => (tag === intCoreTag ? intTag : tag)),
);
