import { expect, test } from "vitest";
import type { PolicyRule } from "../../../shared/kube/rbac/policy-rule.ts";
import { ruleText, uncoveredRules } from "../../../shared/kube/rbac/uncovered-rules.ts";
import { pathRule, rule } from "./rbac-builders.ts";

const all = [rule("*", "*", "*"), pathRule("*", "*")];

test.each<[name: string, held: PolicyRule[], wanted: PolicyRule[], missing: string[]]>([
  ["the same", [rule("get", "pods")], [rule("get", "pods")], []],
  ["everything", all, all, []],
  ["parts of several", [rule("get", "pods"), rule("list", "pods")], [rule("get,list", "pods")], []],
  [
    "some of it",
    [rule("get", "pods")],
    [rule("get,list,watch", "pods")],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}'],
  ],
  [
    "a name, where any is wanted",
    [rule("get", "pods", "", "a")],
    [rule("get", "pods")],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}'],
  ],
  ["any name, where one is wanted", [rule("get", "pods")], [rule("get", "pods", "", "a")], []],
  [
    "another name",
    [rule("get", "pods", "", "a")],
    [rule("get", "pods", "", "b")],
    ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
  ],
  [
    "all that there is, but not what comes",
    [rule("get,list,watch,create,update,patch,delete,deletecollection", "*", "*")],
    [rule("*", "pods")],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
  ],
  [
    "one subresource of all",
    [rule("get", "*/scale", "apps")],
    [rule("get", "a/scale", "apps")],
    [],
  ],
  [
    "the resource, but not what is below",
    [rule("get", "pods")],
    [rule("get", "pods/log")],
    ['{APIGroups:[""], Resources:["pods/log"], Verbs:["get"]}'],
  ],
  ["a wider path", [pathRule("get", "/apis/*")], [pathRule("get", "/apis/apps/*", "/apis/")], []],
  [
    "a narrower path",
    [pathRule("get", "/apis/apps")],
    [pathRule("get", "/apis/*")],
    ['{NonResourceURLs:["/apis/*"], Verbs:["get"]}'],
  ],
  ["nothing that is wanted", [], [], []],
])("who holds %s lacks the rest", (_name, held, wanted, missing) => {
  expect(uncoveredRules(held, wanted).map(ruleText)).toEqual(missing);
});

test("rules that give more permissions than anybody can check are refused", () => {
  const many = Array.from({ length: 300 }, (_, index) => `r${index}`).join();
  expect(() => uncoveredRules([], [rule(many, many)])).toThrow(RangeError);
});

test("rules that are held many times over are compared once, and too many are refused", () => {
  const many = (verbs: string) =>
    Array.from({ length: 1_000 }, (_, index) => rule(verbs, `r${index}`));
  const wanted = many("get,list,watch,create,update,patch");
  const held = many("delete");
  expect(() => uncoveredRules(held, wanted)).toThrow(RangeError);
  const few = held.slice(0, 500);
  expect(uncoveredRules([...few, ...few, ...few], wanted)).toHaveLength(1_000);
});
