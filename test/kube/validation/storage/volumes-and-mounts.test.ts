import { expect, test } from "vitest";
import { volumeMountsRule } from "../../../../shared/kube/validation/storage/volume-mounts-rule.ts";
import { checkVolumes } from "../../../../shared/kube/validation/storage/volumes-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { notALabel, notASubdomain } from "../sentences.ts";

type Fields = Readonly<Record<string, Json>>;

const errorsOfVolumes = (volumes: readonly Json[], podName?: string) =>
  checkVolumes(volumes, "spec.volumes", podName).errors.map(told);

const emptyDir = {};
const claimTemplate = {
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};
const ephemeral = { volumeClaimTemplate: claimTemplate };

test("each volume has a name of its own", () => {
  const volumes = [{ emptyDir }, { name: "A_b", emptyDir }, { name: "a", emptyDir }];
  expect(errorsOfVolumes([...volumes, { name: "a", emptyDir }])).toEqual([
    "spec.volumes[0].name: Required value",
    `spec.volumes[1].name: Invalid value: "A_b": ${notALabel}`,
    'spec.volumes[3].name: Duplicate value: "a"',
  ]);
});

test("a volume that is refused does not take its name", () => {
  expect(
    errorsOfVolumes([
      { name: "a", hostPath: {} },
      { name: "a", emptyDir },
    ]),
  ).toEqual(["spec.volumes[0].hostPath.path: Required value"]);
});

test.each([{}, { emptyDir: null }])(
  "a volume without a source is an empty directory: %o",
  (none) => {
    expect(errorsOfVolumes([{ name: "a", ...none }])).toEqual([]);
  },
);

test("a pod does not use a claim that is made for it", () => {
  const volumes = [
    { name: "scratch", ephemeral },
    { name: "other", persistentVolumeClaim: { claimName: "web-scratch" } },
  ];
  expect(errorsOfVolumes(volumes, "web")).toEqual([
    'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "web-scratch": must not ' +
      "reference a PVC that gets created for an ephemeral volume",
  ]);
  expect(errorsOfVolumes(volumes)).toEqual([]);
});

test("the claims of a pod have names that claims can have", () => {
  expect(errorsOfVolumes([{ name: "scratch", ephemeral }], "Web")).toEqual([
    `spec.volumes[0].name: Invalid value: "scratch": PVC name "Web-scratch": ${notASubdomain}`,
  ]);
});

test("a name that is too long for a pod is not told for each of its claims", () => {
  expect(errorsOfVolumes([{ name: "scratch", ephemeral }], "a".repeat(254))).toEqual([]);
});

test("a pod names its images, where a template may leave them open", () => {
  const volumes = [{ name: "model", image: { pullPolicy: "Always" } }];
  expect(errorsOfVolumes(volumes, "")).toEqual(["spec.volumes[0].image.reference: Required value"]);
  expect(errorsOfVolumes(volumes)).toEqual([]);
});

const volumes: readonly Json[] = [
  { name: "a", emptyDir },
  { name: "b", configMap: { name: "b" } },
  { name: "disk", persistentVolumeClaim: { claimName: "disk" } },
  { name: "scratch", ephemeral },
  { name: "broken", hostPath: {} },
];
const errorsOfContainer = (container: Fields) =>
  volumeMountsRule(checkVolumes(volumes, "").mountable)(container, "spec.containers[0]")
    .map(told)
    .map((error) => error.replace("spec.containers[0].", ""));
const mount = (fields: Fields, more: Fields = {}) =>
  errorsOfContainer({ volumeMounts: [{ name: "a", mountPath: "/a", ...fields }], ...more });
const privileged = { securityContext: { privileged: true } };

test.each<[behaviour: string, found: readonly string[], errors: readonly string[]]>([
  [
    "without anything",
    errorsOfContainer({ volumeMounts: [{}] }),
    [
      "volumeMounts[0].name: Required value",
      'volumeMounts[0].name: Not found: ""',
      "volumeMounts[0].mountPath: Required value",
    ],
  ],
  ["of no volume", mount({ name: "x" }), ['volumeMounts[0].name: Not found: "x"']],
  [
    "of a volume that is refused",
    mount({ name: "broken" }),
    ['volumeMounts[0].name: Not found: "broken"'],
  ],
  [
    "where another is",
    errorsOfContainer({
      volumeMounts: [
        { name: "a", mountPath: "/a" },
        { name: "b", mountPath: "/a" },
      ],
    }),
    ['volumeMounts[1].mountPath: Invalid value: "/a": must be unique'],
  ],
  [
    "of what is a device",
    errorsOfContainer({
      volumeMounts: [{ name: "disk", mountPath: "/dev/a" }],
      volumeDevices: [{ name: "disk", devicePath: "/dev/a" }],
    }),
    [
      'volumeMounts[0].name: Invalid value: "disk": must not already exist in volumeDevices',
      'volumeMounts[0].mountPath: Invalid value: "/dev/a": must not already exist as a path in ' +
        "volumeDevices",
      'volumeDevices[0].name: Invalid value: "disk": must not already exist in volumeMounts',
      'volumeDevices[0].devicePath: Invalid value: "/dev/a": must not already exist as a path in ' +
        "volumeMounts",
    ],
  ],
  [
    "of paths that leave it",
    mount({ subPath: "/x" }).concat(mount({ subPathExpr: "../$(POD)" })),
    [
      'volumeMounts.subPath: Invalid value: "/x": must be a relative path',
      `volumeMounts.subPathExpr: Invalid value: "../$(POD)": must not contain '..'`,
    ],
  ],
  [
    "of two paths",
    mount({ subPath: "x", subPathExpr: "y" }),
    [
      'volumeMounts[0].subPathExpr: Invalid value: "y": subPathExpr and subPath are mutually ' +
        "exclusive",
    ],
  ],
  [
    "that spreads in unknown ways",
    mount({ mountPropagation: "Both" }),
    [
      'volumeMounts.mountPropagation: Unsupported value: "Both": supported values: ' +
        '"Bidirectional", "HostToContainer", "None"',
    ],
  ],
  [
    "that spreads to the node",
    mount({ mountPropagation: "Bidirectional" }),
    [
      "volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available " +
        "only to privileged containers",
    ],
  ],
  [
    "that is read-only in unknown ways",
    mount({ recursiveReadOnly: "Yes" }),
    [
      'volumeMounts.recursiveReadOnly: Unsupported value: "Yes": supported values: "Disabled", ' +
        '"Enabled", "IfPossible"',
    ],
  ],
  [
    "that is read-only below and not above",
    mount({ recursiveReadOnly: "Enabled", mountPropagation: "HostToContainer" }),
    [
      "volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
      "volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is " +
        "None or not specified",
    ],
  ],
])("a mount %s is refused", (_, found, errors) => {
  expect(found).toEqual(errors);
});

test.each<[behaviour: string, devices: readonly Json[], errors: readonly string[]]>([
  [
    "without anything",
    [{}],
    [
      "volumeDevices[0].name: Required value",
      'volumeDevices[0].name: Not found: ""',
      "volumeDevices[0].devicePath: Required value",
    ],
  ],
  [
    "of files",
    [{ name: "a", devicePath: "/dev/a" }],
    [
      'volumeDevices[0].name: Invalid value: "a": can only use volume source type of ' +
        "PersistentVolumeClaim or Ephemeral for block mode",
    ],
  ],
  [
    "that is there twice",
    [
      { name: "disk", devicePath: "/dev/a" },
      { name: "disk", devicePath: "/dev/a" },
    ],
    [
      'volumeDevices[1].name: Invalid value: "disk": must be unique',
      'volumeDevices[1].devicePath: Invalid value: "/dev/a": must be unique',
    ],
  ],
  [
    "that steps back",
    [{ name: "disk", devicePath: "/dev/../a" }],
    [`volumeDevices[0].devicePath: Invalid value: "/dev/../a": can not contain backsteps ('..')`],
  ],
])("a device %s is refused", (_, volumeDevices, errors) => {
  expect(errorsOfContainer({ volumeDevices })).toEqual(errors);
});

test("a volume that is not there is told by its reason too", () => {
  const [error] = volumeMountsRule(new Map())(
    { volumeMounts: [{ name: "x", mountPath: "/" }] },
    "c",
  );
  expect(error).toEqual({
    field: "c.volumeMounts[0].name",
    reason: "FieldValueNotFound",
    message: 'Not found: "x"',
  });
});

test("mounts and devices as the documentation has them are taken", () => {
  const found = errorsOfContainer({
    ...privileged,
    volumeMounts: [
      { name: "a", mountPath: "/a", mountPropagation: "Bidirectional" },
      { name: "a", mountPath: "/a/b", subPath: "b/c", readOnly: true },
      { name: "b", mountPath: "/b", subPathExpr: "$(POD)/x", mountPropagation: "None" },
      { name: "b", mountPath: "/c", readOnly: true, recursiveReadOnly: "Enabled" },
      { name: "b", mountPath: "/d", recursiveReadOnly: "Disabled" },
      { name: "b", mountPath: "d:\\data" },
    ],
    volumeDevices: [
      { name: "disk", devicePath: "/dev/xvda" },
      { name: "scratch", devicePath: "/dev/xvdb" },
    ],
  });
  expect(found).toEqual([]);
  expect(errorsOfContainer({})).toEqual([]);
});
