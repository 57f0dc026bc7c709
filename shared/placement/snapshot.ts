/**
 * The snapshot of what a placement places.
 *
 * N1. Equal content has an equal name, and other content another.
 * N2. Each part fits into a document; only a manifest that is larger than a part has one alone.
 */
import { type FleetId, keyOf, type Write } from "../lib/document.ts";
import {
  type Manifest,
  placementRef,
  type Snapshot,
  snapshotKind,
  snapshotPartName,
  snapshotRef,
} from "../rollout/model.ts";
import { contentHash } from "./content-hash.ts";

/** KubeFleet's limit. Two parts and a few bindings fit into one commit. */
const partBytesMax = 800 * 1024;

export interface SnapshotContent {
  readonly name: string;
  readonly parts: readonly (readonly Manifest[])[];
}

export function snapshotOf(placement: string, manifests: readonly Manifest[]): SnapshotContent {
  return { name: `${placement}-${contentHash(manifests)}`, parts: partsOf(manifests) };
}

/** In order, each part filled as far as it goes. Without any manifest there is one empty part. */
function partsOf(manifests: readonly Manifest[]): readonly (readonly Manifest[])[] {
  const parts: Manifest[][] = [];
  let bytes = Infinity;
  for (const manifest of manifests) {
    const own = Buffer.byteLength(JSON.stringify(manifest)) + 1;
    if (bytes + own > partBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(manifest);
    bytes += own;
  }
  return parts.length === 0 ? [[]] : parts;
}

export interface PartToCreate {
  readonly fleet: FleetId;
  readonly placement: string;
  readonly content: SnapshotContent;
  readonly part: number;
  readonly index: number;
}

export function createPart({ fleet, placement, content, part, index }: PartToCreate): Write {
  const { name, parts } = content;
  const body: Snapshot = {
    metadata: {
      labels: {
        "kubernetes-fleet.io/parent-CRP": placement,
        "kubernetes-fleet.io/resource-index": String(index),
      },
    },
    spec: { selectedResources: parts[part] ?? [] },
    ...(part === 0 && { content: { index, parts: parts.length } }),
  };
  return {
    kind: "create",
    key: keyOf(snapshotKind, fleet, snapshotPartName(name, part)),
    body,
    refs: [placementRef(placement), snapshotRef(name)],
  };
}
