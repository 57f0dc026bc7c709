import { expect, test } from "vitest";
import { hostAliasesRule } from "../../../../shared/kube/validation/pod/host-aliases-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { notAnIp, notASubdomain } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

const path = "spec.hostAliases";

test.each<[ip: Json, shown: string]>([
  ["", '""'],
  ["10.0.0.256", '"10.0.0.256"'],
  ["web", '"web"'],
  ["10.0.0.1/8", '"10.0.0.1/8"'],
  ["fe80::1%eth0", '"fe80::1%eth0"'],
])("a host alias is not for the address %j", (ip, shown) => {
  expect(told(hostAliasesRule, [{ ip, hostnames: ["a"] }], path)).toEqual([
    `${path}[0].ip: Invalid value: ${shown}: ${notAnIp}`,
  ]);
});

test("a host alias has an address, and names that hosts can have", () => {
  expect(told(hostAliasesRule, [{ hostnames: ["foo.local", "Foo", ""] }], path)).toEqual([
    `${path}[0].ip: Invalid value: "": ${notAnIp}`,
    `${path}[0].hostnames[1]: Invalid value: "Foo": ${notASubdomain}`,
    `${path}[0].hostnames[2]: Invalid value: "": ${notASubdomain}`,
  ]);
});

const good: Json = [
  { ip: "127.0.0.1", hostnames: ["foo.local", "bar.local"] },
  { ip: "10.1.2.3", hostnames: ["foo.remote"] },
  { ip: "010.001.002.003", hostnames: [] },
  { ip: "0.0.0.0" },
  { ip: "2001:db8::ffff" },
  { ip: "::ffff:10.1.2.3" },
];

test("host aliases for addresses of all sorts are fine", () => {
  expect(told(hostAliasesRule, good)).toEqual([]);
  expect(told(hostAliasesRule, undefined)).toEqual([]);
});

test("any JSON can stand for any part of host aliases", () => {
  expectNeverThrows(hostAliasesRule, good);
});
