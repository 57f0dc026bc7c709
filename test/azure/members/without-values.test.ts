import { expect, test } from "vitest";
import { withoutValues } from "../../../shared/azure/members/without-values.ts";

const password = "hunter2-$&-hunter2";
const encoded = Buffer.from(password).toString("base64");
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  data: { a: encoded, short: "YQ==" },
  stringData: { b: "another value" },
};

test.each([
  [`data.a: Invalid value: "${encoded}"`, 'data.a: Invalid value: "[redacted]"'],
  [`webhook denied: ${password} is weak`, "webhook denied: [redacted] is weak"],
  [`b is another value, a is ${password}`, "b is [redacted], a is [redacted]"],
  ["secrets is forbidden", "secrets is forbidden"],
])("what a member says of a Secret is told without its values: %s", (message, told) => {
  expect(withoutValues(message, secret)).toBe(told);
});

test("what a member says of anything else is told as it is", () => {
  const configMap = { ...secret, kind: "ConfigMap" };
  expect(withoutValues(`bad: ${encoded}`, configMap)).toBe(`bad: ${encoded}`);
});
