import { expect, test } from "vitest";
import { checkVolumes } from "../../../../shared/kube/validation/storage/volumes-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { notAMode, notAName } from "../sentences.ts";

type Case = readonly [behaviour: string, volume: Readonly<Record<string, Json>>, string[]];

const claimMetadata = "VOLUME.ephemeral.volumeClaimTemplate.metadata";
const path = "spec.template.spec.volumes";
const errorsFor = (volume: Readonly<Record<string, Json>>) =>
  checkVolumes([{ name: "content", ...volume }], path)
    .errors.map(told)
    .map((error) => error.replace(`${path}[0]`, "VOLUME"));

const files: readonly Case[] = [
  [
    "three sources",
    { emptyDir: {}, configMap: {}, hostPath: {} },
    [
      "VOLUME.hostPath: Forbidden: may not specify more than 1 volume type",
      "VOLUME.configMap: Forbidden: may not specify more than 1 volume type",
    ],
  ],
  [
    "second sources with names of their own",
    { emptyDir: {}, cephfs: {}, downwardAPI: {} },
    [
      "VOLUME.cephFS: Forbidden: may not specify more than 1 volume type",
      "VOLUME.downwarAPI: Forbidden: may not specify more than 1 volume type",
    ],
  ],
  [
    "a limit below nothing",
    { emptyDir: { sizeLimit: "-1Gi" } },
    ["VOLUME.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"],
  ],
  [
    "a hostPath without a path",
    { hostPath: { type: "X" } },
    ["VOLUME.hostPath.path: Required value"],
  ],
  [
    "a hostPath that steps back, of no known type",
    { hostPath: { path: "/a/../b", type: "Pipe" } },
    [
      `VOLUME.hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
      'VOLUME.hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", ' +
        '"CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    "a secret without a name",
    { secret: { defaultMode: 0o1000, items: [{ mode: -1 }] } },
    [
      "VOLUME.secret.secretName: Required value",
      `VOLUME.secret.defaultMode: Invalid value: 512: ${notAMode}`,
      "VOLUME.secret.items[0].key: Required value",
      "VOLUME.secret.items[0].path: Required value",
      `VOLUME.secret.items[0].mode: Invalid value: -1: ${notAMode}`,
    ],
  ],
  [
    "a configMap with paths that leave the volume",
    {
      configMap: {
        items: [
          { key: "a", path: "/a" },
          { key: "b", path: "b/../.." },
          { key: "c", path: "..c" },
          { key: "d", path: "../d" },
        ],
      },
    },
    [
      "VOLUME.configMap.name: Required value",
      'VOLUME.configMap.items[0].path: Invalid value: "/a": must be a relative path',
      `VOLUME.configMap.items[1].path: Invalid value: "b/../..": must not contain '..'`,
      `VOLUME.configMap.items[2].path: Invalid value: "..c": must not start with '..'`,
      `VOLUME.configMap.items[3].path: Invalid value: "../d": must not contain '..'`,
    ],
  ],
  [
    "a repository that is none",
    { gitRepo: { directory: "/x" } },
    [
      "VOLUME.gitRepo.repository: Required value",
      'VOLUME.gitRepo.directory: Invalid value: "/x": must be a relative path',
    ],
  ],
  [
    "a claim without a name",
    { persistentVolumeClaim: {} },
    ["VOLUME.persistentVolumeClaim.claimName: Required value"],
  ],
  [
    "an ephemeral volume without a template",
    { ephemeral: {} },
    ["VOLUME.ephemeral.volumeClaimTemplate: Required value"],
  ],
  [
    "an ephemeral volume whose template says nothing",
    { ephemeral: { volumeClaimTemplate: {} } },
    [
      "VOLUME.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access " +
        "mode is required",
      "VOLUME.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
    ],
  ],
  [
    "an ephemeral volume whose claim is named",
    {
      ephemeral: {
        volumeClaimTemplate: {
          metadata: { name: "a", uid: "u", labels: { "-": "x" }, annotations: { _: "" } },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      },
    },
    [
      `${claimMetadata}.annotations: Invalid value: "_": ${notAName}`,
      `${claimMetadata}.labels: Invalid value: "-": ${notAName}`,
      `${claimMetadata}.name: Forbidden: cannot be set`,
      `${claimMetadata}.uID: Forbidden: cannot be set`,
    ],
  ],
  [
    "an image of no known pull policy",
    { image: { reference: "a", pullPolicy: "Sometimes" } },
    [
      'VOLUME.image.pullPolicy: Unsupported value: "Sometimes": supported values: "Always", ' +
        '"IfNotPresent", "Never"',
    ],
  ],
];

test.each(files)("a volume with %s is refused", (_, volume, errors) => {
  expect(errorsFor(volume)).toEqual(errors);
});

test("a source that only a newer Kubernetes knows is taken", () => {
  expect(errorsFor({ bucket: { name: "a" } })).toEqual([]);
});
