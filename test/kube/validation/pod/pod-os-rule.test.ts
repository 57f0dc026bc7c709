import { expect, test } from "vitest";
import { podOsRule } from "../../../../shared/kube/validation/pod/pod-os-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const linuxPod: Json = {
  hostUsers: false,
  hostPID: true,
  hostIPC: true,
  shareProcessNamespace: false,
  securityContext: {
    appArmorProfile: { type: "Unconfined" },
    seLinuxOptions: {},
    seccompProfile: { type: "Unconfined" },
    fsGroup: 1,
    fsGroupChangePolicy: "Always",
    sysctls: [{ name: "a", value: "b" }],
    runAsUser: 1,
    runAsGroup: 1,
    supplementalGroups: [],
    supplementalGroupsPolicy: "Merge",
  },
};
const linuxContainer: Json = {
  securityContext: {
    appArmorProfile: { type: "Unconfined" },
    seLinuxOptions: {},
    seccompProfile: { type: "Unconfined" },
    capabilities: {},
    readOnlyRootFilesystem: false,
    privileged: false,
    allowPrivilegeEscalation: false,
    procMount: "Default",
    runAsUser: 0,
    runAsGroup: 0,
  },
};

test.each<[name: string, os: Json, want: readonly string[]]>([
  ["without a name", {}, ["spec.os.name: Required value: cannot be empty"]],
  [
    "that there is not",
    { name: "plan9" },
    ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
])("no pod is for a system %s", (_name, os, want) => {
  expect(told(podOsRule, { os })).toEqual(want);
});

test("a pod for Linux has no options of Windows", () => {
  const options = { securityContext: { windowsOptions: {} } };
  const spec = {
    os: { name: "linux" },
    ...options,
    containers: [{}, options],
    initContainers: [options],
  };
  const because = "Forbidden: windows options cannot be set for a linux pod";
  expect(told(podOsRule, spec)).toEqual([
    `spec.securityContext.windowsOptions: ${because}`,
    `spec.initContainers[0].securityContext.windowsOptions: ${because}`,
    `spec.containers[1].securityContext.windowsOptions: ${because}`,
  ]);
});

test("a pod for Windows has no fields of Linux", () => {
  const spec = { os: { name: "windows" }, ...(linuxPod as object), containers: [linuxContainer] };
  const ofPod = [
    ...["appArmorProfile", "seLinuxOptions"].map((name) => `securityContext.${name}`),
    ...["hostUsers", "hostPID", "hostIPC"],
    ...["seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls"].map(
      (name) => `securityContext.${name}`,
    ),
    "shareProcessNamespace",
    ...["runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy"].map(
      (name) => `securityContext.${name}`,
    ),
  ];
  const ofContainer = [
    ...["appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities"],
    ...["readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount"],
    ...["runAsUser", "runAsGroup"],
  ].map((name) => `containers[0].securityContext.${name}`);
  expect(told(podOsRule, spec)).toEqual(
    [...ofPod, ...ofContainer].map(
      (name) => `spec.${name}: Forbidden: cannot be set for a windows pod`,
    ),
  );
});

const windowsPod: Json = {
  os: { name: "windows" },
  hostPID: false,
  hostIPC: false,
  hostNetwork: true,
  securityContext: {
    windowsOptions: { runAsUserName: "ContainerUser" },
    runAsNonRoot: true,
    sysctls: [],
  },
  containers: [{ securityContext: { windowsOptions: {} } }],
};

test.each<[name: string, spec: Json | undefined]>([
  ["nothing", undefined],
  ["no system", { ...(linuxPod as object), containers: [linuxContainer] }],
  ["Linux", { os: { name: "linux" }, ...(linuxPod as object), containers: [linuxContainer] }],
  ["Windows", windowsPod],
])("a pod may be for %s", (_name, spec) => {
  expect(told(podOsRule, spec)).toEqual([]);
});

test("any JSON can stand for any part of a pod for a system", () => {
  expectNeverThrows(podOsRule, windowsPod, { os: { name: "windows" }, ...(linuxPod as object) });
});
