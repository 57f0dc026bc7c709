import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { ipAddressRules } from "../../../../shared/kube/validation/networking/ip-address-rules.ts";
import { serviceCidrRules } from "../../../../shared/kube/validation/networking/service-cidr-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notABlock, notAnIp } from "../sentences.ts";

const apiVersion = "networking.k8s.io/v1";

function serviceCidr(cidrs: Json): KubeObject {
  return { apiVersion, kind: "ServiceCIDR", metadata: { name: "more" }, spec: { cidrs } };
}

const service = { resource: "services", namespace: "shop", name: "web" };

function ipAddress(name: string, parentRef: Json = service): KubeObject {
  return { apiVersion, kind: "IPAddress", metadata: { name }, spec: { parentRef } };
}

test.each<[what: string, cidrs: Json, errors: readonly string[]]>([
  ["no blocks", [], ["spec.cidrs: Required value: at least one CIDR required"]],
  [
    "three blocks",
    ["10.0.0.0/16", "fd00::/64", "10.1.0.0/16"],
    [
      'spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/16","fd00::/64","10.1.0.0/16"]}: ' +
        "may only hold up to 2 values",
    ],
  ],
  [
    "two blocks of one family",
    ["10.0.0.0/16", "10.1.0.0/16"],
    [
      'spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/16","10.1.0.0/16"]}: may specify no more ' +
        "than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
    ],
  ],
  ["no block", ["10.0.0.0"], [`spec.cidrs[0]: Invalid value: "10.0.0.0": ${notABlock}`]],
  [
    "leading zeros",
    ["010.0.0.0/8"],
    [
      'spec.cidrs[0]: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix ' +
        "length",
    ],
  ],
  [
    "bits after the prefix",
    ["10.0.0.1/8"],
    ['spec.cidrs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length'],
  ],
  [
    "an IPv4 block in IPv6",
    ["::ffff:10.0.0.0/104"],
    [
      'spec.cidrs[0]: Invalid value: "::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 ' +
        "address",
    ],
  ],
  [
    "a long way to write a block",
    ["FD00:0::/64"],
    ['spec.cidrs[0]: Invalid value: "FD00:0::/64": must be in canonical form ("fd00::/64")'],
  ],
])("a new ServiceCIDR with %s is refused", (_, cidrs, errors) => {
  expect(errorsOf(serviceCidrRules, serviceCidr(cidrs))).toEqual(errors);
});

test("a ServiceCIDR has a block of each family, and keeps them", () => {
  const one = serviceCidr(["10.0.0.0/16"]);
  const both = serviceCidr(["10.0.0.0/16", "fd00::/64"]);
  expect(errorsOf(serviceCidrRules, one)).toEqual([]);
  expect(errorsOf(serviceCidrRules, both)).toEqual([]);
  expect(errorsOf(serviceCidrRules, both, both)).toEqual([]);
  expect(errorsOf(serviceCidrRules, both, one)).toEqual([
    'spec.cidrs: Invalid value: ["10.0.0.0/16","fd00::/64"]: field is immutable',
  ]);
});

test.each<[name: string, because: string]>([
  ["web", notAnIp],
  ["010.0.0.1", "must not have leading 0s"],
  ["::ffff:10.0.0.1", "must not be an IPv4-mapped IPv6 address"],
  ["2001:DB8::1", 'must be in canonical form ("2001:db8::1")'],
])("an IPAddress is not called %s", (name, because) => {
  expect(errorsOf(ipAddressRules, ipAddress(name))).toEqual([
    `metadata.name: Invalid value: "${name}": ${because}`,
  ]);
});

test("an IPAddress names what has it, and stays there", () => {
  const before = ipAddress("10.0.0.1");
  expect(errorsOf(ipAddressRules, before)).toEqual([]);
  expect(errorsOf(ipAddressRules, ipAddress("2001:db8::1"))).toEqual([]);
  expect(errorsOf(ipAddressRules, ipAddress("10.0.0.1", null))).toEqual([
    "spec.parentRef: Required value",
  ]);
  expect(errorsOf(ipAddressRules, ipAddress("10.0.0.1", { resource: "a/b" }))).toEqual([
    `spec.parentRef.resource: Invalid value: "a/b": may not contain '/'`,
    "spec.parentRef.name: Required value",
  ]);
  const moved = ipAddress("10.0.0.1", { ...service, name: "api" });
  expect(errorsOf(ipAddressRules, moved, before)).toEqual([
    'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"shop",' +
      '"Name":"api"}: field is immutable',
  ]);
});

test("no content of addresses throws", () => {
  expectNeverThrows(serviceCidrRules, serviceCidr(["10.0.0.0/16", "fd00::/64"]));
  expectNeverThrows(ipAddressRules, ipAddress("10.0.0.1"));
});
