import { invalidValue, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import { between } from "../number-rules.ts";
import { all, fields, first, number, oneOf, type Rule, required, text, whole } from "../rule.ts";
import { pathWithoutBackSteps } from "../text-rules.ts";
import type { VolumeSource } from "./one-source.ts";

/** What there must be at the path, which may be empty to choose nothing. */
const hostPathType = oneOf(
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
);

const hostPathSource: Rule = first(
  fields({ path: required() }),
  fields({ path: pathWithoutBackSteps, type: hostPathType }),
);

const nfsSource: Rule = fields({
  server: required(),
  path: (value, path) => {
    const text = textOf(value) ?? "";
    return [
      ...required()(value, path),
      ...(text.startsWith("/") ? [] : [invalidValue(path, text, "must be an absolute path")]),
    ];
  },
});

/** Zero is the whole disk, though the sentence does not say so. */
const partition = number((value) =>
  value >= 0 && value <= 255 ? [] : ["must be between 1 and 255, inclusive"],
);

const gceDiskSource: Rule = fields({ pdName: required(), partition });
const awsDiskSource: Rule = fields({ volumeID: required(), partition });

/** Fibre Channel: by the names of targets, with a unit's number, or by the unit's own names. */
const fibreChannelSource: Rule = whole((value, path) => {
  const targets = arrayOf(value["targetWWNs"]);
  const units = arrayOf(value["wwids"]);
  const where = `${path}.targetWWNs`;
  if (targets.length === 0) {
    const because = "must specify either targetWWNs or wwids, but not both";
    return units.length > 0 ? [] : [requiredValue(where, because)];
  }
  const both = "targetWWNs and wwids can not be specified simultaneously";
  const lun = required(between(0, 255), "lun is required if targetWWNs is specified");
  return [
    ...(units.length > 0 ? [invalidValue(where, targets, both)] : []),
    ...lun(value["lun"], `${path}.lun`),
  ];
});

const azureKind = oneOf("Dedicated", "Managed", "Shared");

/** The address of a disk must be of its kind; without one it is a blob. */
const azureAddress: Rule = whole((value, path) => {
  const address = textOf(value["diskURI"]) ?? "";
  const kind = value["kind"] ?? "Shared";
  const [start, shape] =
    kind === "Managed"
      ? [
          "/subscriptions/",
          "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/" +
            "disks/{disk-id}",
        ]
      : [
          "https://",
          "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
        ];
  if (!isString(kind) || address.startsWith(start)) return [];
  return [unsupportedValue(`${path}.diskURI`, address, [shape])];
});

const azureDiskSource: Rule = all(
  fields({
    diskName: required(),
    diskURI: required(),
    cachingMode: oneOf("None", "ReadOnly", "ReadWrite"),
    kind: azureKind,
  }),
  azureAddress,
);

const cephSource: Rule = fields({ monitors: required() });
const rbdSource: Rule = fields({ monitors: required(), image: required() });
const vsphereSource: Rule = fields({ volumePath: required() });
const photonSource: Rule = fields({ pdID: required() });
const portworxSource: Rule = fields({ volumeID: required() });
const scaleIoSource: Rule = fields({
  gateway: required(),
  system: required(),
  volumeName: required(),
});

const flockerSource: Rule = all(
  whole((value, path) => {
    const named = ["datasetName", "datasetUUID"].filter((name) => textOf(at(value, name)));
    if (named.length === 1) return [];
    if (named.length === 0) {
      return [requiredValue(path, "one of datasetName and datasetUUID is required")];
    }
    const because = "datasetName and datasetUUID can not be specified simultaneously";
    return [invalidValue(path, "resource", because)];
  }),
  fields({
    datasetName: text((value) => (value.includes("/") ? ["must not contain '/'"] : [])),
  }),
);

const quobyteHosts = "must be a host:port pair or multiple pairs separated by commas";
const quobyteTenant = "must be a UUID and may not exceed a length of 64 characters";

const quobyteRegistry: Rule = whole((value, path) => {
  const hosts = textOf(value["registry"]) ?? "";
  if (hosts === "") return [requiredValue(`${path}.registry`, quobyteHosts)];
  const isTenantLong = (textOf(value["tenant"]) ?? "").length > 64;
  if (isTenantLong) return [requiredValue(`${path}.tenant`, quobyteTenant)];
  const isPairs = hosts.split(",").every((pair) => pair.includes(":"));
  return isPairs ? [] : [invalidValue(`${path}.registry`, hosts, quobyteHosts)];
});

const quobyteSource: Rule = all(quobyteRegistry, fields({ volume: required() }));

const reserved = "kubernetes.io and k8s.io namespaces are reserved";

/** Options of a driver's own; those of Kubernetes are set by a node. */
const flexSource: Rule = fields({
  driver: required(),
  options: whole((value, path) =>
    Object.keys(value)
      .filter((key) => /\.(kubernetes|k8s)\.io$/.test(`.${key.split("/")[0]}`.toLowerCase()))
      .map((key) => invalidValue(`${path}[${key}]`, key, reserved)),
  ),
});

/** Sources that pods and PersistentVolumes have alike, by their fields. */
export const disks = {
  hostPath: { field: "hostPath", rule: hostPathSource },
  gcePersistentDisk: { field: "gcePersistentDisk", rule: gceDiskSource, shownAs: "persistentDisk" },
  awsElasticBlockStore: { field: "awsElasticBlockStore", rule: awsDiskSource },
  nfs: { field: "nfs", rule: nfsSource },
  flocker: { field: "flocker", rule: flockerSource },
  rbd: { field: "rbd", rule: rbdSource },
  cephfs: { field: "cephfs", rule: cephSource, shownAsSecond: "cephFS" },
  quobyte: { field: "quobyte", rule: quobyteSource },
  fc: { field: "fc", rule: fibreChannelSource },
  flexVolume: { field: "flexVolume", rule: flexSource },
  vsphereVolume: { field: "vsphereVolume", rule: vsphereSource },
  photonPersistentDisk: { field: "photonPersistentDisk", rule: photonSource },
  portworxVolume: { field: "portworxVolume", rule: portworxSource },
  azureDisk: { field: "azureDisk", rule: azureDiskSource },
  scaleIO: { field: "scaleIO", rule: scaleIoSource },
} as const satisfies Readonly<Record<string, VolumeSource>>;
