import { expect, test } from "vitest";
import { type PolicyRule, ruleAllows, rulesOf } from "../../../shared/kube/rbac/policy-rule.ts";
import { asks, pathRule, rule } from "./rbac-builders.ts";

test.each<[rule: PolicyRule, asked: string, allowed: boolean]>([
  [rule("get", "pods"), "get pods in shop", true],
  [rule("get", "pods"), "get pods", true],
  [rule("get", "pods"), "list pods", false],
  [rule("get", "pods"), "get pods.apps", false],
  [rule("get", "pods"), "get services", false],
  [rule("*", "pods"), "deletecollection pods", true],
  [rule("get", "*"), "get secrets", true],
  [rule("get", "*"), "get pods/log", true],
  [rule("get", "*"), "get deployments.apps", false],
  [rule("get", "*", "*"), "get deployments.apps", true],
  [rule("get", "pods"), "get pods/log", false],
  [rule("get", "pods/log"), "get pods/log", true],
  [rule("get", "pods/log"), "get pods", false],
  [rule("update", "*/scale", "apps"), "update deployments/scale.apps", true],
  [rule("update", "*/scale", "apps"), "update deployments/status.apps", false],
  [rule("update", "*/scale", "apps"), "update deployments.apps", false],
  [rule("update", "deployments/*", "apps"), "update deployments/scale.apps", false],
  [rule("get", "configmaps", "", "a", "b"), "get configmaps named b", true],
  [rule("get", "configmaps", "", "a", "b"), "get configmaps named c", false],
  [rule("list", "configmaps", "", "a"), "list configmaps", false],
  [rule("list", "configmaps", "", "a"), "list configmaps named a", true],
  [rule("get", "configmaps", "", "*"), "get configmaps named a", false],
  [rule("GET", "pods"), "get pods", false],
  [pathRule("get", "/healthz"), "get /healthz", true],
  [pathRule("get", "/healthz"), "get /healthz/etcd", false],
  [pathRule("get", "/healthz/*"), "get /healthz/etcd", true],
  [pathRule("get", "/healthz/*"), "get /healthz", false],
  [pathRule("get", "*"), "get /metrics", true],
  [pathRule("*", "*"), "get pods", false],
  [rule("*", "*", "*"), "get /metrics", false],
  [pathRule("get", "/*/x"), "get /a/x", false],
])('%j on "%s" allows: %s', (given, asked, allowed) => {
  expect(ruleAllows(given, asks(asked))).toBe(allowed);
});

test.each<[name: string, stored: unknown]>([
  ["nothing", undefined],
  ["no list", "get"],
  ["no objects", ["get", 1, null]],
  ["numbers", [{ verbs: [1], apiGroups: [2], resources: [{}] }]],
  ["texts instead of lists", [{ verbs: "*", apiGroups: "*", resources: "*" }]],
  ["verbs alone", [{ verbs: ["*"] }]],
])("stored rules that hold %s allow nothing", (_name, stored) => {
  for (const each of rulesOf(stored as never)) {
    expect(ruleAllows(each, asks("get pods"))).toBe(false);
    expect(ruleAllows(each, asks("get /api"))).toBe(false);
  }
});
