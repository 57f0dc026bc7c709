import { load } from "js-yaml";
import { expect, test } from "vitest";
import { yamlSchema } from "../../../shared/kube/http/yaml-schema.ts";

test.each([
  ["0644", 0o644],
  ["0400", 0o400],
  ["-017", -0o17],
  ["0o644", 0o644],
  ["0", 0],
  ["420", 420],
  ["0x1f", 31],
  ["089", 89],
  ["1e3", 1000],
  ['"0644"', "0644"],
  ["10:30", "10:30"],
  ["2026-11-21", "2026-11-21"],
  ["yes", "yes"],
  ["true", true],
  ["null", null],
])("%s in a YAML body is %j", (text, value) => {
  expect(load(`value: ${text}`, { schema: yamlSchema })).toEqual({ value });
});
