import { expect, test } from "vitest";
import { fieldsOf, isArray, isObject } from "../../../../shared/kube/json.ts";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { ObjectRule } from "../../../../shared/kube/validation/rule.ts";
import { csiDriverRules } from "../../../../shared/kube/validation/storage/csi-driver-rules.ts";
import { csiNodeRules } from "../../../../shared/kube/validation/storage/csi-node-rules.ts";
import { persistentVolumeClaimRules } from "../../../../shared/kube/validation/storage/persistent-volume-claim-rules.ts";
import { persistentVolumeRules } from "../../../../shared/kube/validation/storage/persistent-volume-rules.ts";
import { storageClassRules } from "../../../../shared/kube/validation/storage/storage-class-rules.ts";
import { volumeAttachmentRules } from "../../../../shared/kube/validation/storage/volume-attachment-rules.ts";
import { volumeMountsRule } from "../../../../shared/kube/validation/storage/volume-mounts-rule.ts";
import { checkVolumes } from "../../../../shared/kube/validation/storage/volumes-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { fc } from "../../../chance.ts";
import { errorsOf, told } from "../errors-of.ts";
import { podVolumes } from "./pod-volumes.ts";
import { storageManifests } from "./storage-manifests.ts";

const rules: Readonly<Record<string, ObjectRule>> = {
  CSIDriver: csiDriverRules,
  CSINode: csiNodeRules,
  PersistentVolume: persistentVolumeRules,
  PersistentVolumeClaim: persistentVolumeClaimRules,
  StorageClass: storageClassRules,
  VolumeAttachment: volumeAttachmentRules,
};

function ruleOf(object: KubeObject): ObjectRule {
  const rule = rules[object.kind];
  if (rule === undefined) throw new Error(`no rule for ${object.kind}`);
  return rule;
}

const named = storageManifests.map((object): [string, KubeObject] => [
  `${object.kind} ${String(object.metadata["name"])}`,
  object,
]);

test.each(named)("%s is taken, and may stay as it is", (_, object) => {
  expect(errorsOf(ruleOf(object), object)).toEqual([]);
  expect(errorsOf(ruleOf(object), object, object)).toEqual([]);
});

test("volumes as the documentation has them are taken", () => {
  expect(checkVolumes(podVolumes, "volumes").errors.map(told)).toEqual([]);
  const notOfPods = podVolumes.filter(
    (volume) => isObject(volume) && volume["name"] !== "image-later",
  );
  expect(checkVolumes(notOfPods, "volumes", "web").errors.map(told)).toEqual([]);
  expect(checkVolumes(podVolumes, "volumes").mountable.size).toBe(podVolumes.length);
});

test.each([undefined, null, [], "x", 1])(
  "a pod with %j for volumes has nothing wrong",
  (volumes) => {
    expect(checkVolumes(volumes, "volumes").errors).toEqual([]);
  },
);

/** How many values there are in a value, itself among them. */
function sizeOf(value: Json): number {
  if (isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 1);
  if (!isObject(value)) return 1;
  return fieldsOf(value).reduce((sum, [, each]) => sum + sizeOf(each), 1);
}

/** The value with another one in the place of its n-th. */
function spoilt(value: Json, place: number, by: Json): Json {
  let left = place;
  const walk = (each: Json): Json => {
    left -= 1;
    if (left === -1) return by;
    if (isArray(each)) return each.map(walk);
    if (!isObject(each)) return each;
    return Object.fromEntries(fieldsOf(each).map(([name, item]) => [name, walk(item)]));
  };
  return walk(value);
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(null, 1e300, -1, "", "..", "-1Gi", [null], [[]], [{}], {
    toString: null,
    constructor: 1,
  }),
  fc.constant(JSON.parse('{"__proto__": {"name": 1}, "name": ["a"], "path": {}}') as Json),
);

const spoiltOf = (values: readonly Json[]) =>
  fc
    .tuple(fc.constantFrom(...values), fc.nat(), anything)
    .map(([value, place, by]) => spoilt(value, 1 + (place % Math.max(1, sizeOf(value) - 1)), by));

test("no rule for an object throws, whatever is in the place of a field", () => {
  fc.assert(
    fc.property(
      spoiltOf(storageManifests),
      fc.constantFrom(...storageManifests),
      (object, other) => {
        const isOfKind = isObject(object) && typeof object["kind"] === "string";
        const rule = rules[isOfKind ? String(object["kind"]) : other.kind] ?? ruleOf(other);
        const errors = [
          ...rule(object as KubeObject),
          ...rule(object as KubeObject, other),
          ...rule(other, object as KubeObject),
        ];
        expect(errors.every(({ message }) => typeof message === "string")).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("no rule for a pod throws, whatever is in the place of a field", () => {
  const container: Json = {
    securityContext: { privileged: true },
    volumeMounts: [
      { name: "cache", mountPath: "/a", subPath: "a", mountPropagation: "None", readOnly: true },
      { name: "config", mountPath: "/b", subPathExpr: "b", recursiveReadOnly: "Enabled" },
    ],
    volumeDevices: [{ name: "claim", devicePath: "/dev/a" }],
  };
  const volume = spoiltOf(podVolumes);
  fc.assert(
    fc.property(volume, anything, spoiltOf([container]), (wrong, any, mounts) => {
      const volumes = [...podVolumes.slice(0, 3), wrong, any];
      const { errors, mountable } = checkVolumes(volumes, "volumes", "web");
      const others = checkVolumes(any, "volumes").mountable;
      const ofMounts = [mountable, others].flatMap((each) => volumeMountsRule(each)(mounts, "c"));
      const all = [...errors, ...ofMounts, ...volumeMountsRule(mountable)(any, "c")];
      expect(all.every(({ field }) => field.startsWith("volumes[") || field.startsWith("c."))).toBe(
        true,
      );
    }),
    { numRuns: 2_000 },
  );
});
