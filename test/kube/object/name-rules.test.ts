import { expect, test } from "vitest";
import {
  wrongLabelValue,
  wrongName,
  wrongQualifiedName,
} from "../../../shared/kube/object/name-rules.ts";
import type { NameRule } from "../../../shared/kube/served-kind.ts";

const long = "a".repeat(64);

test.each<[rule: NameRule, good: readonly string[], bad: readonly string[]]>([
  [
    "dns-subdomain",
    ["a", "a-1", "a.b", long, "1"],
    ["", "A", "-a", "a-", "a..b", "a_b", ".a", "a".repeat(254)],
  ],
  ["dns-label", ["a", "1a", "a-1"], ["a.b", "A", long, "a-", "é"]],
  ["dns-1035-label", ["a", "a1"], ["1a", "a.b", "-a", long]],
  ["path-segment", ["system:node", "A_b", "a b"], [".", "..", "a/b", "a%b", "a".repeat(254)]],
])("%s takes %j and refuses %j", (rule, good, bad) => {
  expect(good.filter((name) => wrongName(rule, name) !== undefined)).toEqual([]);
  expect(bad.filter((name) => wrongName(rule, name) === undefined)).toEqual([]);
});

test("keys of labels are qualified names", () => {
  const good = ["app", "A_b.c-1", "example.com/app", `x/${"a".repeat(63)}`];
  const bad = ["", "-a", "a-", "/a", "a/", "a/b/c", "A.com/x", `x/${long}`, "a b"];
  expect(good.filter((key) => wrongQualifiedName(key) !== undefined)).toEqual([]);
  expect(bad.filter((key) => wrongQualifiedName(key) === undefined)).toEqual([]);
});

test("values of labels are short and plain, or empty", () => {
  const good = ["", "a", "A_b.c-1", "1"];
  const bad = ["-a", "a-", "a b", "a/b", long];
  expect(good.filter((value) => wrongLabelValue(value) !== undefined)).toEqual([]);
  expect(bad.filter((value) => wrongLabelValue(value) === undefined)).toEqual([]);
});
