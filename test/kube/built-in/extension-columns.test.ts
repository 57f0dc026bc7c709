import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const admission = "admissionregistration.k8s.io";
const flow = "flowcontrol.apiserver.k8s.io";
const conditions = (...all: readonly JsonObject[]) => ({ status: { conditions: all } });

test.each<[resource: string, object: JsonObject, cells: Record<string, Json>]>([
  [`${admission}/validatingwebhookconfigurations`, { webhooks: [{}, {}] }, { Webhooks: 2 }],
  [`${admission}/mutatingwebhookconfigurations`, {}, { Webhooks: 0 }],
  [
    `${admission}/validatingadmissionpolicies`,
    { spec: { validations: [{}], paramKind: { apiVersion: "v1", kind: "ConfigMap" } } },
    { Validations: 1, ParamKind: "v1/ConfigMap" },
  ],
  [`${admission}/validatingadmissionpolicies`, {}, { Validations: 0, ParamKind: "<unset>" }],
  [
    `${admission}/validatingadmissionpolicybindings`,
    { spec: { policyName: "p", paramRef: { name: "limits", namespace: "shop" } } },
    { PolicyName: "p", ParamRef: "shop/limits" },
  ],
  [
    `${admission}/validatingadmissionpolicybindings`,
    { spec: { paramRef: { name: "limits" } } },
    { PolicyName: "", ParamRef: "*/limits" },
  ],
  [`${admission}/validatingadmissionpolicybindings`, {}, { ParamRef: "<unset>" }],
  [
    `${admission}/validatingadmissionpolicybindings`,
    {
      spec: {
        paramRef: {
          selector: {
            matchLabels: { b: "2", a: "1" },
            matchExpressions: [{ key: "k", operator: "In", values: ["x", "y"] }],
          },
        },
      },
    },
    {
      ParamRef:
        "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,}," +
        "MatchExpressions:[]LabelSelectorRequirement{" +
        "LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}",
    },
  ],
  ["apiregistration.k8s.io/apiservices", {}, { Service: "Local", Available: "Unknown" }],
  [
    "apiregistration.k8s.io/apiservices",
    {
      spec: { service: { namespace: "a", name: "b" } },
      ...conditions({ type: "Available", status: "False", reason: "Away" }),
    },
    { Service: "a/b", Available: "False (Away)" },
  ],
  [
    `${flow}/flowschemas`,
    {},
    {
      ...{ PriorityLevel: "", MatchingPrecedence: 1000, DistinguisherMethod: "<none>" },
      MissingPL: "?",
    },
  ],
  [
    `${flow}/flowschemas`,
    {
      spec: {
        priorityLevelConfiguration: { name: "system" },
        matchingPrecedence: 5,
        distinguisherMethod: { type: "ByUser" },
      },
      ...conditions({ type: "Dangling", status: "False" }),
    },
    {
      ...{ PriorityLevel: "system", MatchingPrecedence: 5, DistinguisherMethod: "ByUser" },
      MissingPL: "False",
    },
  ],
  [
    `${flow}/prioritylevelconfigurations`,
    { spec: { type: "Exempt" } },
    {
      ...{ Type: "Exempt", NominalConcurrencyShares: "<none>", Queues: "<none>" },
      ...{ HandSize: "<none>", QueueLengthLimit: "<none>" },
    },
  ],
  [
    `${flow}/prioritylevelconfigurations`,
    { spec: { limited: { limitResponse: { queuing: { handSize: 6 } } } } },
    { NominalConcurrencyShares: 30, Queues: 64, HandSize: 6, QueueLengthLimit: 50 },
  ],
  [
    `${flow}/prioritylevelconfigurations`,
    { spec: { limited: { nominalConcurrencyShares: 0 } } },
    { NominalConcurrencyShares: 0, Queues: "<none>" },
  ],
  [
    "certificates.k8s.io/certificatesigningrequests",
    { spec: { signerName: "s", username: "ann", expirationSeconds: 7200 } },
    { SignerName: "s", Requestor: "ann", RequestedDuration: "120m", Condition: "Pending" },
  ],
  [
    "certificates.k8s.io/certificatesigningrequests",
    { status: { conditions: [{ type: "Approved" }, { type: "Failed" }], certificate: "eA==" } },
    {
      ...{ SignerName: "<none>", Requestor: "", RequestedDuration: "<none>" },
      Condition: "Approved,Failed,Issued",
    },
  ],
  [
    "certificates.k8s.io/certificatesigningrequests",
    conditions({ type: "Approved" }, { type: "Denied" }),
    { Condition: "Denied" },
  ],
  [
    "rbac.authorization.k8s.io/rolebindings",
    {
      roleRef: { kind: "Role", name: "reader" },
      subjects: [
        { kind: "User", name: "ann" },
        { kind: "User", name: "bob" },
        { kind: "Group", name: "all" },
        { kind: "ServiceAccount", namespace: "shop", name: "robot" },
      ],
    },
    { Role: "Role/reader", Users: "ann, bob", Groups: "all", ServiceAccounts: "shop/robot" },
  ],
  ["resource.k8s.io/resourceclaims", {}, { State: "pending" }],
  [
    "resource.k8s.io/resourceclaims",
    { status: { allocation: {}, reservedFor: [{}] } },
    { State: "allocated,reserved" },
  ],
  [
    "resource.k8s.io/resourceclaims",
    { metadata: { deletionTimestamp: "x" }, status: { reservedFor: [{}] } },
    { State: "deleted" },
  ],
  [
    "resource.k8s.io/resourceslices",
    { spec: { nodeName: "o", driver: "d", pool: { name: "p" } } },
    { Node: "o", Driver: "d", Pool: "p" },
  ],
])("%s %j shows %j", (resource, object, cells) => {
  expect(shownRow(resource, object).cells).toMatchObject(cells);
});
