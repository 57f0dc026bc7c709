import { expect, test } from "vitest";
import {
  containerSecurityContextRule,
  podSecurityContextRule,
} from "../../../../shared/kube/validation/pod/security-context-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const ids = "must be between 0 and 2147483647, inclusive";
const sysctl =
  "must have at most 253 characters and match regex " +
  "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

test.each<[name: string, context: Json, want: readonly string[]]>([
  [
    "numbers of users and groups that there cannot be",
    { supplementalGroups: [1, -4], runAsGroup: -3, runAsUser: 2 ** 31, fsGroup: -1 },
    [
      `spec.fsGroup: Invalid value: -1: ${ids}`,
      `spec.runAsUser: Invalid value: 2147483648: ${ids}`,
      `spec.runAsGroup: Invalid value: -3: ${ids}`,
      `spec.supplementalGroups[1]: Invalid value: -4: ${ids}`,
    ],
  ],
  [
    "kernel parameters without name, by a wrong name, or twice",
    {
      sysctls: [
        { value: "1" },
        { name: "Net.ipv4", value: "1" },
        { name: "net.core.somaxconn", value: "1" },
        { name: "net.core.somaxconn", value: "2" },
        { name: "a".repeat(254), value: "1" },
      ],
    },
    [
      "spec.sysctls[0].name: Required value",
      `spec.sysctls[1].name: Invalid value: "Net.ipv4": ${sysctl}`,
      'spec.sysctls[3].name: Duplicate value: "net.core.somaxconn"',
      `spec.sysctls[4].name: Invalid value: "${"a".repeat(254)}": ${sysctl}`,
    ],
  ],
  [
    "policies that there are not",
    {
      fsGroupChangePolicy: "Never",
      supplementalGroupsPolicy: "All",
      seLinuxChangePolicy: "Mount",
    },
    [
      'spec.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", ' +
        '"OnRootMismatch"',
      'spec.supplementalGroupsPolicy: Unsupported value: "All": supported values: "Merge", ' +
        '"Strict"',
      'spec.seLinuxChangePolicy: Unsupported value: "Mount": supported values: "MountOption", ' +
        '"Recursive"',
    ],
  ],
  [
    "profiles without a type, in the order of a kube-apiserver",
    { appArmorProfile: {}, windowsOptions: { runAsUserName: "" }, seccompProfile: {} },
    [
      "spec.seccompProfile.type: Required value: type is required when seccompProfile is set",
      'spec.windowsOptions.runAsUserName: Invalid value: "": runAsUserName cannot be an empty ' +
        "string",
      "spec.appArmorProfile.type: Required value: type is required when appArmorProfile is set",
    ],
  ],
])("a pod's security context may not have %s", (_name, context, want) => {
  expect(told(podSecurityContextRule, context)).toEqual(want);
});

test.each<[name: string, context: Json, want: readonly string[]]>([
  [
    "numbers of users and groups that there cannot be",
    { runAsUser: -1, runAsGroup: -2 },
    [`spec.runAsUser: Invalid value: -1: ${ids}`, `spec.runAsGroup: Invalid value: -2: ${ids}`],
  ],
  [
    "another way to mount /proc",
    { procMount: "Masked" },
    ['spec.procMount: Unsupported value: "Masked": supported values: "Default", "Unmasked"'],
  ],
  [
    "all privileges and no way to get them",
    { privileged: true, allowPrivilegeEscalation: false },
    [
      'spec: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set ' +
        "`allowPrivilegeEscalation` to false and `privileged` to true",
    ],
  ],
  [
    "the capability of an administrator and no way to get more",
    {
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_ADMIN", "CAP_SYS_ADMIN"] },
    },
    [
      'spec: Invalid value: {"allowPrivilegeEscalation":false,"capabilities":' +
        '{"add":["NET_ADMIN","CAP_SYS_ADMIN"]}}: ' +
        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
    ],
  ],
  [
    "profiles of other types",
    {
      seccompProfile: { type: "Default" },
      windowsOptions: { gmsaCredentialSpec: "" },
      appArmorProfile: { type: "Default" },
    },
    [
      'spec.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", ' +
        '"RuntimeDefault", "Unconfined"',
      'spec.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be ' +
        "an empty string",
      'spec.appArmorProfile.type: Unsupported value: "Default": supported values: "Localhost", ' +
        '"RuntimeDefault", "Unconfined"',
    ],
  ],
])("a container's security context may not have %s", (_name, context, want) => {
  expect(told(containerSecurityContextRule, context)).toEqual(want);
});

const pod: Json = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 3000,
  fsGroup: 0,
  fsGroupChangePolicy: "OnRootMismatch",
  supplementalGroups: [4000, 2 ** 31 - 1],
  supplementalGroupsPolicy: "Strict",
  seLinuxOptions: { level: "s0:c123,c456" },
  seLinuxChangePolicy: "Recursive",
  seccompProfile: { type: "RuntimeDefault" },
  appArmorProfile: { type: "Localhost", localhostProfile: "k8s-apparmor-example-deny-write" },
  sysctls: [
    { name: "kernel.shm_rmid_forced", value: "0" },
    { name: "net/ipv4/conf/eth0.100/forwarding", value: "1" },
    { name: "net.core.somaxconn", value: "1024" },
  ],
  windowsOptions: { runAsUserName: "ContainerUser" },
};
const container: Json = {
  allowPrivilegeEscalation: false,
  capabilities: { add: ["NET_ADMIN", "SYS_TIME"], drop: ["ALL"] },
  privileged: false,
  procMount: "Default",
  readOnlyRootFilesystem: true,
  runAsUser: 2000,
  seccompProfile: { type: "Localhost", localhostProfile: "my-profiles/profile-allow.json" },
  appArmorProfile: { type: "RuntimeDefault" },
  windowsOptions: { hostProcess: true, runAsUserName: "NT AUTHORITY\\SYSTEM" },
};

test("the security contexts of the documentation are fine", () => {
  expect(told(podSecurityContextRule, pod)).toEqual([]);
  expect(told(containerSecurityContextRule, container)).toEqual([]);
});

test.each<[name: string, context: Json | undefined]>([
  ["nothing", undefined],
  ["null", null],
  ["no fields", {}],
  ["all privileges", { privileged: true }],
  ["all privileges and the way to get them", { privileged: true, allowPrivilegeEscalation: true }],
  ["fields of wrong types, which others refuse", { runAsUser: "1", procMount: 1, sysctls: "a" }],
])("a security context may have %s", (_name, context) => {
  expect(told(podSecurityContextRule, context)).toEqual([]);
  expect(told(containerSecurityContextRule, context)).toEqual([]);
});

test("any JSON can stand for any part of a security context", () => {
  expectNeverThrows(podSecurityContextRule, pod);
  expectNeverThrows(containerSecurityContextRule, container);
});
