import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { namespaceRules } from "../../../../shared/kube/validation/cluster/namespace-rules.ts";
import { nodeRules } from "../../../../shared/kube/validation/cluster/node-rules.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../../kube-fixture.ts";
import { errorsOf } from "../errors-of.ts";
import { notABlock } from "../sentences.ts";

function namespace(labels: JsonObject): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } };
}

const prefix = "pod-security.kubernetes.io/";
const level = "must be one of privileged, baseline, restricted";
const version = 'must be "latest" or "v1.x"';

test.each<[label: string, value: string, because: string]>([
  ["enforce", "bogus", level],
  ["audit", "", level],
  ["warn", "Baseline", level],
  ["enforce-version", "1.34", version],
  ["audit-version", "v1.034", version],
  ["warn-version", "newest", version],
])("a Namespace whose label %s is %j is refused", (label, value, because) => {
  const name = `${prefix}${label}`;
  expect(errorsOf(namespaceRules, namespace({ [name]: value }))).toEqual([
    `metadata.labels[${name}]: Invalid value: ${JSON.stringify(value)}: ${because}`,
  ]);
});

test("labels that secure pods are taken, and those of others are not looked at", () => {
  const labels = {
    [`${prefix}enforce`]: "baseline",
    [`${prefix}enforce-version`]: "v1.34",
    [`${prefix}warn`]: "restricted",
    [`${prefix}warn-version`]: "latest",
    [`${prefix}other`]: "bogus",
    enforce: "bogus",
  };
  expect(errorsOf(namespaceRules, namespace(labels))).toEqual([]);
});

test("a Namespace that is there already takes no such label either", async () => {
  const { ask } = await kubeFixture();
  const how = { type: "application/merge-patch+json" };
  const labels = { [`${prefix}enforce`]: "bogus" };
  const patched = await ask("PATCH", "/api/v1/namespaces/shop", { metadata: { labels } }, how);
  expect(patched.status).toBe(422);
});

function node(spec: JsonObject): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name: "one" }, spec };
}

test.each<[what: string, spec: JsonObject, errors: readonly string[]]>([
  ["no block", { podCIDR: "x" }, [`spec.podCIDRs[0]: Invalid value: "x": ${notABlock}`]],
  [
    "no second block",
    { podCIDR: "10.0.0.0/24", podCIDRs: ["10.0.0.0/24", "x"] },
    [`spec.podCIDRs[1]: Invalid value: "x": ${notABlock}`],
  ],
  [
    "two blocks of one family",
    { podCIDRs: ["10.0.0.0/24", "10.1.0.0/24"] },
    [
      'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: ' +
        "may specify no more than one CIDR for each IP family",
    ],
  ],
  ["a block", { podCIDR: "10.0.0.0/24" }, []],
  ["a block of each family", { podCIDRs: ["10.0.0.0/24", "fd00::/64"] }, []],
])("the pods of a Node have %s", (_, spec, errors) => {
  expect(errorsOf(nodeRules, node(spec))).toEqual(errors);
});
