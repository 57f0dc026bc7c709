import { createHash } from "node:crypto";
import type { JsonObject } from "../../lib/kube-object.ts";
import { kindInVersion } from "../definitions/kind-in-version.ts";
import {
  apiVersionOf,
  type GroupVersions,
  groupVersionsOf,
  type Kinds,
  verbsOf,
  versionOf,
} from "../kinds.ts";
import { reviewGroups, reviewKinds } from "../review/review-kinds.ts";
import type { ServedKind } from "../served-kind.ts";

/** A resource or a subresource, as both kinds of discovery tell it. */
export interface DiscoveredResource {
  /** "deployments" */
  readonly plural: string;
  /** "status", "scale"; left out for the resource itself. */
  readonly subresource?: string;
  readonly singular: string;
  readonly kind: string;
  /** Of what it answers with, where that is not the resource's own. */
  readonly group?: string;
  readonly version?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** All groups and their versions, kinds that are only created (reviews) included. */
export function discoveredGroups(kinds: Kinds): readonly GroupVersions[] {
  const groups = groupVersionsOf(kinds);
  const known = new Set(groups.map(({ group }) => group));
  return [...groups, ...reviewGroups.filter(({ group }) => !known.has(group))];
}

/** The resources of a group version, each followed by its subresources. */
export function discoveredResources(
  kinds: Kinds,
  group: string,
  version: string,
): readonly DiscoveredResource[] {
  const served = kinds.all.filter(
    (kind) => kind.group === group && kind.versions.some(({ name }) => name === version),
  );
  const reviews = reviewKinds.filter((kind) => kind.group === group && kind.version === version);
  return [
    ...served.flatMap((kind) => resourcesOf(inVersion(kind, version))),
    ...reviews.map(({ plural, kind, namespaced = false }) => ({
      plural,
      singular: kind.toLowerCase(),
      kind,
      namespaced,
      verbs: ["create"],
      shortNames: [],
      categories: [],
    })),
  ];
}

function inVersion(kind: ServedKind, name: string): ServedKind {
  const version = versionOf(kind, name);
  return version === undefined ? kind : kindInVersion(kind, version);
}

function resourcesOf(kind: ServedKind): readonly DiscoveredResource[] {
  const { plural, namespaced, hasStatus, scale, readOnly, changesBelow = {} } = kind;
  const verbs = readOnly === true ? ["get"] : ["get", "patch", "update"];
  const below = { plural, singular: "", namespaced, verbs, shortNames: [], categories: [] };
  const scaled = { kind: "Scale", group: "autoscaling", version: "v1" };
  const isCustom = kind.versions.every(({ mergeShape }) => mergeShape === undefined);
  const more = Object.keys(changesBelow).filter((name) => name !== "status");
  const subresources = [
    ...more.map((subresource) => ({ ...below, kind: kind.kind, subresource })),
    ...(hasStatus ? [{ ...below, kind: kind.kind, subresource: "status" }] : []),
    ...(scale === undefined ? [] : [{ ...below, ...scaled, subresource: "scale" }]),
    ...(kind.holdsNamespaces === true
      ? [{ ...below, kind: kind.kind, subresource: "finalize", verbs: ["update"] }]
      : []),
  ];
  return [
    {
      plural,
      singular: kind.singular,
      kind: kind.kind,
      namespaced,
      verbs: verbsOf(kind),
      shortNames: kind.shortNames ?? [],
      categories: kind.categories ?? [],
    },
    // Kubernetes' own kinds tell theirs in the order of the alphabet.
    ...(isCustom ? subresources : subresources.toSorted(bySubresource)),
  ];
}

function bySubresource(
  left: { readonly subresource: string },
  right: { readonly subresource: string },
): number {
  return left.subresource < right.subresource ? -1 : 1;
}

/** `GET /apis/G/V`: the resources of one group version. */
export function apiResourceList(kinds: Kinds, group: string, version: string): JsonObject {
  return {
    kind: "APIResourceList",
    // The oldest of all lists has none.
    ...(group !== "" && { apiVersion: "v1" }),
    groupVersion: apiVersionOf({ group }, version),
    resources: discoveredResources(kinds, group, version).map((resource) =>
      apiResource(resource, group),
    ),
  };
}

function apiResource(resource: DiscoveredResource, ofGroup: string): JsonObject {
  const { plural, subresource, singular, namespaced, kind, verbs, shortNames, categories } =
    resource;
  return {
    name: subresource === undefined ? plural : `${plural}/${subresource}`,
    singularName: singular,
    namespaced,
    ...(resource.group !== undefined && { group: resource.group }),
    ...(resource.version !== undefined && { version: resource.version }),
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresource === undefined && { storageVersionHash: storageHash(ofGroup, plural) }),
  };
}

function storageHash(group: string, plural: string): string {
  return createHash("sha256").update(`${group}/${plural}`).digest("base64").slice(0, 12);
}

/** `GET /apis`: all groups but the core one. */
export function apiGroupList(kinds: Kinds): JsonObject {
  const groups = discoveredGroups(kinds).filter(({ group }) => group !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(apiGroup) };
}

/** One group, as `GET /apis` and `GET /apis/G` tell it. */
export function apiGroup({ group, versions }: GroupVersions): JsonObject {
  const groupVersion = (version: string): JsonObject => ({
    groupVersion: `${group}/${version}`,
    version,
  });
  return {
    name: group,
    versions: versions.map(groupVersion),
    preferredVersion: groupVersion(versions[0] ?? "v1"),
  };
}
