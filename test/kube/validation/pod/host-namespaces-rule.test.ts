import { expect, test } from "vitest";
import { hostNamespacesRule } from "../../../../shared/kube/validation/pod/host-namespaces-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const withSysctls = (...names: readonly string[]): Json => ({
  sysctls: names.map((name) => ({ name, value: "1" })),
});

test.each<[name: string, spec: Json, want: readonly string[]]>([
  [
    "shares its processes inside and outside",
    { shareProcessNamespace: true, hostPID: true },
    [
      "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace " +
        "and HostPID cannot both be enabled",
    ],
  ],
  [
    "has other ports than those of its host, in its network",
    {
      hostNetwork: true,
      containers: [
        { ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81 }] },
        {
          ports: [
            { containerPort: 82, hostPort: 0 },
            { containerPort: 83, hostPort: 84 },
          ],
        },
      ],
    },
    [
      "spec.containers[1].ports[1].containerPort: Invalid value: 83: must match `hostPort` when " +
        "`hostNetwork` is true",
    ],
  ],
  [
    "sets the parameters of its host's network",
    {
      hostNetwork: true,
      securityContext: withSysctls(
        "kernel.sem",
        "net.core.somaxconn",
        "net/ipv4/conf/eth0.100/forwarding",
      ),
    },
    [
      [1, "net.core.somaxconn"],
      [2, "net/ipv4/conf/eth0.100/forwarding"],
    ].map(
      ([index, name]) =>
        `spec.securityContext.sysctls[${index}].name: Invalid value: "${name}": may not be ` +
        "specified when 'hostNetwork' is true",
    ),
  ],
  [
    "sets the parameters of its host's messages",
    { hostIPC: true, securityContext: withSysctls("net.a", "kernel.msgmax", "fs.mqueue.max") },
    [
      [1, "kernel.msgmax"],
      [2, "fs.mqueue.max"],
    ].map(
      ([index, name]) =>
        `spec.securityContext.sysctls[${index}].name: Invalid value: "${name}": may not be ` +
        "specified when 'hostIPC' is true",
    ),
  ],
  [
    "has its own users among the processes and messages of its host",
    { hostUsers: false, hostPID: true, hostIPC: true },
    [
      "spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false",
      "spec.HostIPC: Forbidden: when `pod.Spec.HostUsers` is false",
    ],
  ],
  [
    "shows all of /proc to users of its host",
    { containers: [{}, { securityContext: { procMount: "Unmasked" } }] },
    [
      'spec.containers[1].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must ' +
        "be false to use `Unmasked`",
    ],
  ],
])("no pod %s", (_name, spec, want) => {
  expect(told(hostNamespacesRule, spec)).toEqual(want);
});

const good: Json = {
  hostUsers: false,
  shareProcessNamespace: true,
  hostPID: false,
  containers: [{ securityContext: { procMount: "Unmasked" } }],
  securityContext: withSysctls("net.core.somaxconn", "kernel.shmmax"),
};

test.each<[name: string, spec: Json | undefined]>([
  ["nothing", undefined],
  ["its own namespaces", good],
  ["all of its host's namespaces", { hostPID: true, hostIPC: true, hostNetwork: true }],
  [
    "its host's network and a parameter of its own",
    {
      hostNetwork: true,
      securityContext: withSysctls("kernel.shmmax"),
    },
  ],
  [
    "its own users in its host's network, which newer versions can do",
    {
      hostUsers: false,
      hostNetwork: true,
    },
  ],
])("a pod may have %s", (_name, spec) => {
  expect(told(hostNamespacesRule, spec)).toEqual([]);
});

test("any JSON can stand for any part of a pod that shares namespaces", () => {
  expectNeverThrows(hostNamespacesRule, good);
});
