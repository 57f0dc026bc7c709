import { expect, test } from "vitest";
import { serviceRules } from "../../../../shared/kube/validation/networking/service-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { notAnIp } from "../sentences.ts";
import { type Fields, webService } from "./networking-objects.ts";

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "that is no address",
    { clusterIP: "10.0.0.256" },
    [`spec.clusterIPs[0]: Invalid value: "10.0.0.256": ${notAnIp}`],
  ],
  [
    "with a zone",
    { clusterIP: "fe80::1%eth0" },
    [`spec.clusterIPs[0]: Invalid value: "fe80::1%eth0": ${notAnIp}`],
  ],
  [
    "that is not the first of the addresses",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.2"] },
    ['spec.clusterIPs: Invalid value: ["10.0.0.2"]: first value must match `clusterIP`'],
  ],
  [
    "that is left out beside others",
    { clusterIPs: ["10.0.0.1"] },
    [
      'spec.clusterIPs: Invalid value: ["10.0.0.1"]: must be empty when `clusterIP` is not ' +
        "specified",
    ],
  ],
  [
    "that is none beside one",
    { clusterIP: "None", clusterIPs: ["None", "10.0.0.1"] },
    [
      'spec.clusterIPs: Invalid value: ["None","10.0.0.1"]: \'None\' must be the first and only ' +
        "value",
    ],
  ],
  [
    "beside none",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1", "None"] },
    [`spec.clusterIPs[1]: Invalid value: "None": ${notAnIp}`],
  ],
  [
    "beside another of its family",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1", "10.0.0.2"] },
    [
      'spec.clusterIPs: Invalid value: ["10.0.0.1","10.0.0.2"]: may specify no more than one IP ' +
        "for each IP family",
    ],
  ],
  [
    "beside two others",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1", "fd00::1", "fd00::2"] },
    [
      'spec.clusterIPs: Invalid value: ["10.0.0.1","fd00::1","fd00::2"]: may only hold up to 2 ' +
        "values",
    ],
  ],
  [
    "of another family than it says",
    { clusterIP: "10.0.0.1", ipFamilies: ["IPv6"] },
    [
      'spec.clusterIPs[0]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by ' +
        "`ipFamilies[0]`",
    ],
  ],
  [
    "of another family than its second one",
    {
      clusterIP: "fd00::1",
      clusterIPs: ["fd00::1", "10.0.0.1"],
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "RequireDualStack",
    },
    [
      'spec.clusterIPs[0]: Invalid value: "fd00::1": expected an IPv4 value as indicated by ' +
        "`ipFamilies[0]`",
      'spec.clusterIPs[1]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by ' +
        "`ipFamilies[1]`",
    ],
  ],
  [
    "in an unknown family",
    { ipFamilies: ["IPv5"] },
    ['spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"'],
  ],
  [
    "in a family twice",
    { ipFamilies: ["IPv4", "IPv4"] },
    ['spec.ipFamilies[1]: Duplicate value: "IPv4"'],
  ],
  [
    "by an unknown policy",
    { ipFamilyPolicy: "DualStack" },
    [
      'spec.ipFamilyPolicy: Unsupported value: "DualStack": supported values: "PreferDualStack", ' +
        '"RequireDualStack", "SingleStack"',
    ],
  ],
  [
    "and a second one in a single stack",
    {
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1", "fd00::1"],
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "SingleStack",
    },
    [
      "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or " +
        "'PreferDualStack' when multiple cluster IPs are specified",
      "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or " +
        "'PreferDualStack' when multiple IP families are specified",
    ],
  ],
  ...["LoadBalancer", "NodePort"].map((type): [string, Fields, readonly string[]] => [
    `that a ${type} needs`,
    { type, clusterIP: "None" },
    [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for ${type} services`],
  ]),
])("a Service is refused an address of its cluster %s", (_behaviour, spec, errors) => {
  expect(errorsOf(serviceRules, webService(spec))).toEqual(errors);
});

test.each<[ip: string, because: string]>([
  ["web.example.com", notAnIp],
  ["", notAnIp],
  ["10.1.2", notAnIp],
  ["0.0.0.0", "may not be unspecified (0.0.0.0)"],
  ["::", "may not be unspecified (::)"],
  ["127.1.2.3", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["127.000.000.001", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["::ffff:127.0.0.1", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["169.254.169.254", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["fe80::1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["224.0.0.1", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
  ["ff02::1", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
])("a Service is refused the external address %j", (ip, because) => {
  expect(errorsOf(serviceRules, webService({ externalIPs: ["203.0.113.7", ip] }))).toEqual([
    `spec.externalIPs[1]: Invalid value: "${ip}": ${because}`,
  ]);
});

test.each([
  "203.0.113.7",
  "203.000.113.007",
  "2001:db8::7",
  "::ffff:203.0.113.7",
  "0:0:0:0:0:ffff:cb00:7107",
  "64:ff9b::203.0.113.7",
])("a Service takes the external address %s", (ip) => {
  expect(errorsOf(serviceRules, webService({ externalIPs: [ip] }))).toEqual([]);
});
