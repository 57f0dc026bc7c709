import { expect, test } from "vitest";
import { windowsHostProcessRule } from "../../../../shared/kube/validation/pod/windows-host-process-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const asProcess = (hostProcess: boolean): Json => ({
  securityContext: { windowsOptions: { hostProcess } },
});
const together =
  'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must ' +
  "be HostProcess containers";

test.each<[name: string, spec: Json, want: readonly string[]]>([
  [
    "that says otherwise than its containers",
    { ...(asProcess(true) as object), hostNetwork: true, containers: [asProcess(false)] },
    [
      "spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod " +
        "hostProcess value must be identical if both are specified, was true",
    ],
  ],
  [
    "that mixes containers of two sorts",
    { hostNetwork: true, containers: [asProcess(true)], initContainers: [{}] },
    [together],
  ],
  [
    "outside of the host's network",
    { containers: [asProcess(true)] },
    [
      "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any " +
        "hostProcess containers",
    ],
  ],
])("there is no pod of host processes %s", (_name, spec, want) => {
  expect(told(windowsHostProcessRule, spec)).toEqual(want);
});

const documented: Json = {
  securityContext: {
    windowsOptions: { hostProcess: true, runAsUserName: "NT AUTHORITY\\Local service" },
  },
  hostNetwork: true,
  containers: [{ name: "test", image: "image1:latest" }, asProcess(true)],
  nodeSelector: { "kubernetes.io/os": "windows" },
};

test.each<[name: string, spec: Json | undefined]>([
  ["nothing", undefined],
  ["no host processes", { containers: [{}, asProcess(false)] }],
  ["the pod of the documentation", documented],
])("%s is fine", (_name, spec) => {
  expect(told(windowsHostProcessRule, spec)).toEqual([]);
});

test("any JSON can stand for any part of a pod of host processes", () => {
  expectNeverThrows(windowsHostProcessRule, documented);
});
