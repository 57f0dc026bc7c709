import type { JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, objectOf, textOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import type { BuiltIn } from "./built-in.ts";
import * as columns from "./core-columns.ts";
import * as shapes from "./merge-shapes.ts";
import { podColumns, replicaSetColumns } from "./workload-columns.ts";

/** Text that was given as `stringData` is kept as `data`, and a type is always there. */
function preparedSecret({ stringData, ...secret }: KubeObject): KubeObject {
  const encoded = fieldsOf(objectOf(stringData)).map(([name, value]): [string, string] => [
    name,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const data: JsonObject = { ...objectOf(secret["data"]), ...Object.fromEntries(encoded) };
  return {
    ...(secret as KubeObject),
    type: textOf(secret["type"]) ?? "Opaque",
    ...(Object.keys(data).length > 0 && { data }),
  };
}

const core = { group: "" } as const;
const plain = { ...core, hasGeneration: false } as const;

/** The core group. */
export const coreKinds: readonly BuiltIn[] = [
  {
    ...plain,
    kind: "ConfigMap",
    plural: "configmaps",
    shortNames: ["cm"],
    columns: columns.configMapColumns,
    mergeShape: shapes.configMap,
  },
  { ...plain, kind: "Endpoints", plural: "endpoints", shortNames: ["ep"] },
  {
    ...plain,
    kind: "Event",
    plural: "events",
    shortNames: ["ev"],
    columns: columns.eventColumns,
    selectableFields: [
      ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
        (name) => `involvedObject.${name}`,
      ),
      "reason",
      "reportingComponent",
      "source",
      "type",
    ],
  },
  { ...plain, kind: "LimitRange", plural: "limitranges", shortNames: ["limits"] },
  {
    ...plain,
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    nameRule: "dns-label",
    holdsNamespaces: true,
    emptiedWithinSeconds: 300,
    selectableFields: ["status.phase"],
    columns: columns.namespaceColumns,
    mergeShape: shapes.namespace,
  },
  {
    ...plain,
    kind: "Node",
    plural: "nodes",
    shortNames: ["no"],
    namespaced: false,
    hasStatus: true,
    selectableFields: ["spec.unschedulable"],
    columns: columns.nodeColumns,
    mergeShape: shapes.node,
  },
  {
    ...plain,
    kind: "PersistentVolume",
    plural: "persistentvolumes",
    shortNames: ["pv"],
    namespaced: false,
    hasStatus: true,
    columns: columns.volumeColumns,
  },
  {
    ...plain,
    kind: "PersistentVolumeClaim",
    plural: "persistentvolumeclaims",
    shortNames: ["pvc"],
    hasStatus: true,
    columns: columns.volumeClaimColumns,
    mergeShape: shapes.statusWithConditions,
  },
  {
    ...core,
    kind: "Pod",
    plural: "pods",
    shortNames: ["po"],
    categories: ["all"],
    hasStatus: true,
    selectableFields: [
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "status.phase",
      "status.podIP",
    ],
    columns: podColumns,
    mergeShape: shapes.pod,
  },
  {
    ...core,
    kind: "PodTemplate",
    plural: "podtemplates",
    mergeShape: shapes.podTemplateObject,
  },
  {
    ...core,
    kind: "ReplicationController",
    plural: "replicationcontrollers",
    shortNames: ["rc"],
    categories: ["all"],
    hasStatus: true,
    columns: replicaSetColumns,
    mergeShape: shapes.workload,
  },
  {
    ...plain,
    kind: "ResourceQuota",
    plural: "resourcequotas",
    shortNames: ["quota"],
    hasStatus: true,
  },
  {
    ...plain,
    kind: "Secret",
    plural: "secrets",
    selectableFields: ["type"],
    columns: columns.secretColumns,
    mergeShape: shapes.secret,
    prepare: preparedSecret,
  },
  {
    ...plain,
    kind: "Service",
    plural: "services",
    shortNames: ["svc"],
    categories: ["all"],
    hasStatus: true,
    nameRule: "dns-1035-label",
    columns: columns.serviceColumns,
    mergeShape: shapes.service,
  },
  {
    ...plain,
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    shortNames: ["sa"],
    columns: columns.serviceAccountColumns,
    mergeShape: shapes.serviceAccount,
  },
];
