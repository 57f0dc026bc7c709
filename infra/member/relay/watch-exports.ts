import { CoreV1Api, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { type ExportSeen, exportsPerMemberMax } from "../../../shared/traffic/model.ts";
import { exportSeen } from "./export-seen.ts";
import { follow, type Resource, type ResourcePage } from "./follow.ts";
import type { RelayLog } from "./log.ts";
import {
  type ExportKept,
  keepExport,
  keepService,
  keepSlice,
  type ServiceKept,
  type SliceKept,
} from "./objects.ts";
import { readyEndpoints } from "./ready-endpoints.ts";
import { exportResource, type Judged, validWriter } from "./write-valid.ts";

/** So many objects are listed at once. */
const pageObjectsMax = 500;

export interface ClusterSight {
  /** Resolves once all exports, Services and endpoints have been seen. */
  readonly synced: Promise<unknown>;
  /** The names, as "namespace/name", of all exports that are told of. */
  names(): readonly string[];
  /** An export as it is now; null when there is none of the name. */
  see(name: string): ExportSeen | null;
  stop(): void;
}

/**
 * Watches what a member exports, and says the name of each export that may have changed. Nothing is
 * said before all is seen: an export whose Service is merely not listed yet has not lost it.
 */
export function watchExports(
  kubeConfig: KubeConfig,
  onChange: (name: string) => void,
  log: RelayLog,
): ClusterSight {
  const exports = new Map<string, ExportKept>();
  const services = new Map<string, ServiceKept>();
  const ready = readyEndpoints();
  const objects = kubeConfig.makeApiClient(CustomObjectsApi);
  const writer = validWriter(objects, judge, log);
  let isSynced = false;

  function see(name: string): ExportSeen | null {
    const from = exports.get(name);
    return from === undefined ? null : exportSeen(from, services.get(name), ready.count(name));
  }

  function judge(name: string): Judged | undefined {
    const from = exports.get(name);
    const seen = see(name);
    return from === undefined || seen === null ? undefined : { from, seen };
  }

  function changed(name: string): void {
    if (!isSynced) return;
    onChange(name);
    if (exports.has(name)) writer.look(name);
  }

  function keepExportChange(kept: ExportKept, isDeleted: boolean): void {
    const name = nameOf(kept);
    if (isDeleted) exports.delete(name);
    else if (exports.has(name) || exports.size < exportsPerMemberMax) exports.set(name, kept);
    else log.warn(`Left out export "${name}": at most ${exportsPerMemberMax} are told of`);
    changed(name);
  }

  function keepServiceChange(kept: ServiceKept, isDeleted: boolean): void {
    const name = nameOf(kept);
    if (isDeleted) services.delete(name);
    else services.set(name, kept);
    if (exports.has(name)) changed(name);
  }

  function keepSliceChange(kept: SliceKept, isDeleted: boolean): void {
    for (const name of ready.change(kept, isDeleted)) if (exports.has(name)) changed(name);
  }

  const following = [
    follow(kubeConfig, exportsOf(objects, keepExportChange), log),
    follow(kubeConfig, servicesOf(kubeConfig.makeApiClient(CoreV1Api), keepServiceChange), log),
    follow(kubeConfig, slicesOf(objects, keepSliceChange), log),
  ];
  const synced = Promise.all(following.map((each) => each.synced)).then(() => {
    isSynced = true;
    for (const name of exports.keys()) changed(name);
  });
  return {
    synced,
    names: () => [...exports.values()].filter(({ isDeleting }) => !isDeleting).map(nameOf),
    see,
    stop() {
      writer.stop();
      for (const each of following) each.stop();
    },
  };
}

const nameOf = ({ metadata }: ExportKept | ServiceKept): string =>
  `${metadata.namespace}/${metadata.name}`;

const exportsOf = (
  objects: CustomObjectsApi,
  onChange: Resource<ExportKept>["onChange"],
): Resource<ExportKept> => ({
  path: `/apis/${exportResource.group}/${exportResource.version}/${exportResource.plural}`,
  list: async (after) => pageOf(await objects.listClusterCustomObject(page(exportResource, after))),
  keep: keepExport,
  onChange,
});

const sliceResource = {
  group: "discovery.k8s.io",
  version: "v1",
  plural: "endpointslices",
} as const;

const slicesOf = (
  objects: CustomObjectsApi,
  onChange: Resource<SliceKept>["onChange"],
): Resource<SliceKept> => ({
  path: `/apis/${sliceResource.group}/${sliceResource.version}/${sliceResource.plural}`,
  list: async (after) => pageOf(await objects.listClusterCustomObject(page(sliceResource, after))),
  keep: keepSlice,
  onChange,
});

const servicesOf = (
  core: CoreV1Api,
  onChange: Resource<ServiceKept>["onChange"],
): Resource<ServiceKept> => ({
  path: "/api/v1/services",
  list: async (after) => pageOf(await core.listServiceForAllNamespaces(page({}, after))),
  keep: keepService,
  onChange,
});

const page = <Of extends object>(of: Of, after: string | undefined) => ({
  ...of,
  limit: pageObjectsMax,
  ...(after !== undefined && { _continue: after }),
});

interface ObjectList {
  readonly items?: readonly object[];
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly _continue?: string;
  };
}

/** The typed client says `_continue`, the untyped one what is on the wire. */
function pageOf(answer: unknown): ResourcePage {
  const { items = [], metadata } = answer as ObjectList;
  const next = metadata?._continue ?? metadata?.continue ?? "";
  return {
    items,
    resourceVersion: metadata?.resourceVersion ?? "",
    ...(next !== "" && { next }),
  };
}
