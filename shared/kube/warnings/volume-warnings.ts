import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, fieldsOf, isArray, isObject, objectOf, textOf } from "../json.ts";
import { claimSpecWarnings } from "./claim-warnings.ts";
import { type OverlapFinder, overlapFinder } from "./overlapping-paths.ts";

/** What volumes were made of once. */
const retiredSources: readonly (readonly [source: string, because: string])[] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

/** A kube-apiserver names some fields as its own code does. */
const fieldNames: Readonly<Record<string, string>> = { storageos: "storageOS" };

/** A volume, or the `spec` of a PersistentVolume, that is made of what no cluster has any more. */
export function* retiredSourceWarnings(volume: Json, path: string): Iterable<string> {
  for (const [source, because] of retiredSources) {
    if (!isObject(at(volume, source))) continue;
    yield `${path}.${fieldNames[source] ?? source}: ${because}`;
  }
}

/** The volumes of a pod. */
export function* volumesWarnings(volumes: readonly Json[], path: string): Iterable<string> {
  for (const [index, volume] of volumes.entries()) {
    const where = `${path}[${index}]`;
    yield* retiredSourceWarnings(volume, where);
    const template = at(volume, "ephemeral", "volumeClaimTemplate", "spec");
    yield* claimSpecWarnings(template, `${where}.ephemeral.volumeClaimTemplate.spec`);
  }
  const overlapsOf = overlapFinder();
  for (const volume of volumes) {
    const name = JSON.stringify(textOf(at(volume, "name")) ?? "");
    for (const { paths, named } of singleSources(volume)) {
      yield* overlapsOf(paths, `volume ${name} (${named}): overlapping paths`);
    }
    yield* projectedWarnings(arrayOf(at(volume, "projected", "sources")), name, overlapsOf);
  }
}

/** Files of several sources in one folder. */
function* projectedWarnings(
  sources: readonly Json[],
  name: string,
  overlapsOf: OverlapFinder,
): Iterable<string> {
  const earlier = new Set<string>();
  for (const source of sources) {
    if (isObject(source) && fieldsOf(source).length === 0) {
      yield `volume ${name} (Projected) has no sources provided`;
    }
    for (const { paths, named } of projectedSources(source)) {
      const message = `volume ${name} (Projected ${named}): overlapping paths`;
      yield* overlapsOf(paths, message);
      yield* overlapsOf([...new Set(paths), ...earlier].sort(), message);
      for (const each of paths) earlier.add(each);
    }
  }
}

interface PathsOfSource {
  readonly paths: readonly string[];
  /** `ConfigMap "settings"` */
  readonly named: string;
}

function singleSources(volume: Json): readonly PathsOfSource[] {
  return [
    ...itemsOf(volume, "configMap", "ConfigMap", "name"),
    ...itemsOf(volume, "secret", "Secret", "secretName"),
    ...itemsOf(volume, "downwardAPI", "DownwardAPI"),
  ];
}

function projectedSources(source: Json): readonly PathsOfSource[] {
  return [
    ...itemsOf(source, "configMap", "ConfigMap", "name"),
    ...itemsOf(source, "secret", "Secret", "name"),
    ...itemsOf(source, "downwardAPI", "DownwardAPI"),
    ...pathOf(source, "serviceAccountToken", "ServiceAccountToken"),
    ...pathOf(source, "clusterTrustBundle", "ClusterTrustBundle"),
  ];
}

function itemsOf(
  of: Json,
  field: string,
  kind: string,
  nameField?: string,
): readonly PathsOfSource[] {
  const items = at(of, field, "items");
  if (!isArray(items)) return [];
  const name = nameField === undefined ? undefined : (textOf(at(of, field, nameField)) ?? "");
  const named = name === undefined ? kind : `${kind} ${JSON.stringify(name)}`;
  return [{ paths: items.map((item) => textOf(at(item, "path")) ?? ""), named }];
}

function pathOf(of: Json, field: string, kind: string): readonly PathsOfSource[] {
  const source = at(of, field);
  if (!isObject(source)) return [];
  const { name, signerName, path } = objectOf(source);
  const bundle = textOf(name) ?? textOf(signerName);
  const named = bundle === undefined ? kind : `${kind} ${JSON.stringify(bundle)}`;
  return [{ paths: [textOf(path) ?? ""], named }];
}
