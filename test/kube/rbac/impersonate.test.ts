import { expect, test } from "vitest";
import type { AccessAttributes } from "../../../shared/kube/kube-api.ts";
import { impersonated } from "../../../shared/kube/rbac/impersonate.ts";
import { ruleAllows } from "../../../shared/kube/rbac/policy-rule.ts";
import { rule } from "./rbac-builders.ts";

const authentication = "authentication.k8s.io";
const rules = [
  rule("impersonate", "users", "", "bob", "system:anonymous"),
  rule("impersonate", "groups", "", "devs", "ops"),
  rule("impersonate", "serviceaccounts", "", "robot"),
  rule("impersonate", "userextras/scopes", authentication, "view"),
  rule("impersonate", "uids", authentication, "u-1"),
];

function acting(headers: readonly (readonly [string, string])[]) {
  const asked: AccessAttributes[] = [];
  const all = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
  const answer = impersonated(all, { name: "ann" }, (attributes) => {
    asked.push(attributes);
    return rules.some((each) => ruleAllows(each, attributes))
      ? { allowed: true }
      : { allowed: false, reason: "" };
  });
  return { answer, asked };
}

test.each<[name: string, headers: [string, string][], want: object | undefined]>([
  ["nobody else", [["accept", "*/*"]], undefined],
  ["a user", [["Impersonate-User", "bob"]], { name: "bob", groups: ["system:authenticated"] }],
  [
    "a user with groups",
    [
      ["Impersonate-User", "bob"],
      ["Impersonate-Group", "devs"],
      ["Impersonate-Group", "ops"],
    ],
    { name: "bob", groups: ["devs", "ops", "system:authenticated"] },
  ],
  [
    "a user with a uid and extras",
    [
      ["Impersonate-User", "bob"],
      ["Impersonate-Uid", "u-1"],
      ["Impersonate-Extra-Scopes", "view"],
    ],
    { name: "bob", uid: "u-1", groups: ["system:authenticated"], extra: { scopes: ["view"] } },
  ],
  [
    "a service account",
    [["Impersonate-User", "system:serviceaccount:shop:robot"]],
    {
      name: "system:serviceaccount:shop:robot",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
    },
  ],
  [
    "a service account with other groups",
    [
      ["Impersonate-User", "system:serviceaccount:shop:robot"],
      ["Impersonate-Group", "devs"],
    ],
    { name: "system:serviceaccount:shop:robot", groups: ["devs", "system:authenticated"] },
  ],
  [
    "nobody at all",
    [["Impersonate-User", "system:anonymous"]],
    { name: "system:anonymous", groups: ["system:unauthenticated"] },
  ],
])("who may act as %s is served so", async (_name, headers, want) => {
  expect(await acting(headers).answer).toEqual(want);
});

test.each<[name: string, headers: [string, string][], message: string]>([
  [
    "another user",
    [["Impersonate-User", "root"]],
    'users "root" is forbidden: User "ann" cannot impersonate resource "users" in API group "" ' +
      "at the cluster scope",
  ],
  [
    "a group that gives everything",
    [
      ["Impersonate-User", "bob"],
      ["Impersonate-Group", "system:masters"],
    ],
    'groups "system:masters" is forbidden: User "ann" cannot impersonate resource "groups" in ' +
      'API group "" at the cluster scope',
  ],
  [
    "another service account",
    [["Impersonate-User", "system:serviceaccount:shop:other"]],
    'serviceaccounts "other" is forbidden: User "ann" cannot impersonate resource ' +
      '"serviceaccounts" in API group "" in the namespace "shop"',
  ],
  [
    "another scope",
    [
      ["Impersonate-User", "bob"],
      ["Impersonate-Extra-Scopes", "edit"],
    ],
    'userextras.authentication.k8s.io "edit" is forbidden: User "ann" cannot impersonate ' +
      'resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope',
  ],
  [
    "another uid",
    [
      ["Impersonate-User", "bob"],
      ["Impersonate-Uid", "u-2"],
    ],
    'uids.authentication.k8s.io "u-2" is forbidden: User "ann" cannot impersonate resource ' +
      '"uids" in API group "authentication.k8s.io" at the cluster scope',
  ],
])("who may not act as %s is told so", async (_name, headers, message) => {
  await expect(acting(headers).answer).rejects.toMatchObject({ code: 403, message });
});

test.each<[name: string, headers: [string, string][]]>([
  ["a group", [["Impersonate-Group", "devs"]]],
  ["a uid", [["Impersonate-Uid", "u-1"]]],
  ["extras", [["Impersonate-Extra-Scopes", "view"]]],
  [
    "an empty user",
    [
      ["Impersonate-User", ""],
      ["Impersonate-Group", "devs"],
    ],
  ],
])("%s without a user is a bad request", async (_name, headers) => {
  const { answer, asked } = acting(headers);
  await expect(answer).rejects.toMatchObject({ code: 400, reason: "BadRequest" });
  expect(asked).toEqual([]);
});

test("a request cannot ask for more groups than somebody checks", async () => {
  const groups = Array.from({ length: 200 }, (): [string, string] => ["Impersonate-Group", "devs"]);
  const { answer, asked } = acting([["Impersonate-User", "bob"], ...groups]);
  await expect(answer).rejects.toMatchObject({ code: 400 });
  expect(asked).toEqual([]);
});
