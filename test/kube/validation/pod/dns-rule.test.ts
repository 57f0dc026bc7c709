import { expect, test } from "vitest";
import { dnsRule } from "../../../../shared/kube/validation/pod/dns-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' " +
  "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  "for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
const many = Array.from({ length: 33 }, (_, index) => `s${index}`);
const long = Array.from({ length: 16 }, () => "a".repeat(128));

test.each<[name: string, spec: Json, want: readonly string[]]>([
  [
    "another policy",
    { dnsPolicy: "Nobody" },
    [
      'spec.dnsPolicy: Unsupported value: "Nobody": supported values: "ClusterFirstWithHostNet", ' +
        '"ClusterFirst", "Default", "None"',
    ],
  ],
  [
    "no policy and no config",
    { dnsPolicy: "None" },
    ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
  ],
  [
    "no policy and nobody to ask",
    { dnsPolicy: "None", dnsConfig: { options: [{}] } },
    [
      "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when " +
        "`dnsPolicy` is None",
    ],
  ],
  [
    "four to ask",
    { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } },
    [
      'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: ' +
        "must not have more than 3 nameservers",
    ],
  ],
  [
    "names to ask",
    { dnsPolicy: "None", dnsConfig: { nameservers: ["dns.example.com"] } },
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "dns.example.com": must be a valid IP ' +
        "address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
    ],
  ],
  [
    "too many search paths",
    { dnsConfig: { searches: many } },
    [
      `spec.dnsConfig.searches: Invalid value: ${JSON.stringify(many)}: must not have more than ` +
        "32 search paths",
    ],
  ],
  [
    "search paths that are too long together, spaces included",
    { dnsConfig: { searches: long } },
    [
      `spec.dnsConfig.searches: Invalid value: ${JSON.stringify(long)}: must not have more than ` +
        "2048 characters (including spaces) in the search list",
    ],
  ],
  [
    "search paths that are no names",
    { dnsConfig: { searches: ["a.b", "A.", ""] } },
    [
      `spec.dnsConfig.searches[1]: Invalid value: "A": ${subdomain}`,
      `spec.dnsConfig.searches[2]: Invalid value: "": ${subdomain}`,
    ],
  ],
  [
    "a search path that is too long",
    { dnsConfig: { searches: ["a".repeat(254)] } },
    [
      `spec.dnsConfig.searches[0]: Invalid value: "${"a".repeat(254)}": must be no more than 253 ` +
        "characters",
    ],
  ],
  [
    "options without a name",
    { dnsConfig: { options: [{ name: "edns0" }, { value: "2" }] } },
    ["spec.dnsConfig.options[1]: Required value: must not be empty"],
  ],
])("a pod may not have %s", (_name, spec, want) => {
  expect(told(dnsRule, spec)).toEqual(want);
});

const documented: Json = {
  dnsPolicy: "None",
  dnsConfig: {
    nameservers: ["192.0.2.1", "2001:db8::1"],
    searches: [
      "ns1.svc.cluster-domain.example",
      "my.dns.search.suffix",
      "_sip._tcp.a_b",
      ".",
      "a.",
    ],
    options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
  },
};

test.each<[name: string, spec: Json | undefined]>([
  ["nothing", undefined],
  ["the defaults", {}],
  ["an empty policy", { dnsPolicy: "" }],
  ["the cluster's DNS", { dnsPolicy: "ClusterFirst" }],
  ["the cluster's DNS in the host's network", { dnsPolicy: "ClusterFirstWithHostNet" }],
  ["the node's DNS, and more", { dnsPolicy: "Default", dnsConfig: { options: [{ name: "a" }] } }],
  ["its own DNS", documented],
  ["an empty config", { dnsConfig: {} }],
  ["as many search paths as there can be", { dnsConfig: { searches: many.slice(1) } }],
  ["a config of a wrong type, which others refuse", { dnsPolicy: "None", dnsConfig: "a" }],
])("a pod may have %s", (_name, spec) => {
  expect(told(dnsRule, spec)).toEqual([]);
});

test("any JSON can stand for any part of a pod's DNS", () => {
  expectNeverThrows(dnsRule, documented);
});
