import type { JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import { eventRules } from "../validation/cluster/event-rules.ts";
import { namespaceRules } from "../validation/cluster/namespace-rules.ts";
import { nodeRules } from "../validation/cluster/node-rules.ts";
import { preparedService } from "../validation/networking/defaulted-service.ts";
import { endpointsRules } from "../validation/networking/endpoints-rules.ts";
import { serviceRules } from "../validation/networking/service-rules.ts";
import { podRules } from "../validation/pod/pod-rules.ts";
import { limitRangeRules } from "../validation/policy/limit-range-rules.ts";
import { resourceQuotaRules } from "../validation/policy/resource-quota-rules.ts";
import { persistentVolumeClaimRules } from "../validation/storage/persistent-volume-claim-rules.ts";
import { persistentVolumeRules } from "../validation/storage/persistent-volume-rules.ts";
import { podTemplateRules } from "../validation/workload/pod-template-rules.ts";
import { replicationControllerRules } from "../validation/workload/replication-controller-rules.ts";
import { createdAtColumns } from "./basic-columns.ts";
import type { BuiltIn } from "./built-in.ts";
import { configMapErrors, secretContentErrors, withCheckedContent } from "./config-content.ts";
import * as columns from "./core-columns.ts";
import { eventColumns } from "./event-columns.ts";
import { contentErrors, secretErrors } from "./immutable-content.ts";
import * as shapes from "./merge-shapes.ts";
import { namespaceStatus } from "./namespace-status.ts";
import { podColumns, podTemplateColumns } from "./pod-columns.ts";
import { replicasScale } from "./replicas-scale.ts";
import * as fields from "./selectable-fields.ts";
import { endpointsColumns, serviceColumns } from "./service-columns.ts";
import * as shown from "./shown-defaults.ts";
import { volumeClaimColumns, volumeColumns } from "./storage-columns.ts";
import { replicationControllerColumns } from "./workload-columns.ts";

/** Text that was given as `stringData` is kept as `data`, and a type is always there. */
function preparedSecret(object: KubeObject): KubeObject {
  const checked = withCheckedContent(object, { data: "bytes", stringData: "text" });
  const { stringData, ...secret } = checked;
  const encoded = fieldsOf(objectOf(stringData)).map(([name, value]): [string, string] => [
    name,
    Buffer.from(printed(value)).toString("base64"),
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
    prepare: (object) => withCheckedContent(object, { data: "text", binaryData: "bytes" }),
    validate: (object, before) => [...configMapErrors(object), ...contentErrors(object, before)],
  },
  {
    ...plain,
    kind: "Endpoints",
    plural: "endpoints",
    isMadeByPut: true,
    shortNames: ["ep"],
    columns: endpointsColumns,
    mergeShape: shapes.endpoints,
    validate: endpointsRules,
  },
  {
    ...plain,
    kind: "Event",
    plural: "events",
    isMadeByPut: true,
    shortNames: ["ev"],
    columns: eventColumns,
    mergeShape: shapes.event,
    selectableFields: [
      ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
        (name) => `involvedObject.${name}`,
      ),
      "reason",
      "reportingComponent",
      fields.eventSource,
      "type",
    ],
    validate: eventRules,
  },
  {
    ...plain,
    kind: "LimitRange",
    plural: "limitranges",
    isMadeByPut: true,
    shortNames: ["limits"],
    columns: createdAtColumns,
    validate: limitRangeRules,
  },
  {
    ...plain,
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    nameRule: "dns-label",
    holdsNamespaces: true,
    changesBelow: { status: namespaceStatus },
    emptiedWithinSeconds: 300,
    selectableFields: ["status.phase"],
    columns: columns.namespaceColumns,
    mergeShape: shapes.namespace,
    validate: namespaceRules,
  },
  {
    ...plain,
    kind: "Node",
    plural: "nodes",
    shortNames: ["no"],
    namespaced: false,
    hasStatus: true,
    selectableFields: fields.nodeFields,
    columns: columns.nodeColumns,
    mergeShape: shapes.node,
    validate: nodeRules,
  },
  {
    ...plain,
    kind: "PersistentVolume",
    plural: "persistentvolumes",
    shortNames: ["pv"],
    namespaced: false,
    hasStatus: true,
    columns: volumeColumns,
    mergeShape: shapes.volume,
    shownDefaults: shown.volume,
    validate: persistentVolumeRules,
  },
  {
    ...plain,
    kind: "PersistentVolumeClaim",
    plural: "persistentvolumeclaims",
    shortNames: ["pvc"],
    hasStatus: true,
    columns: volumeClaimColumns,
    mergeShape: shapes.claim,
    validate: persistentVolumeClaimRules,
  },
  {
    ...core,
    kind: "Pod",
    plural: "pods",
    shortNames: ["po"],
    categories: ["all"],
    hasStatus: true,
    selectableFields: fields.podFields,
    columns: podColumns,
    mergeShape: shapes.pod,
    shownDefaults: shown.pod,
    validate: podRules,
  },
  {
    ...core,
    kind: "PodTemplate",
    plural: "podtemplates",
    columns: podTemplateColumns,
    mergeShape: shapes.podTemplateObject,
    shownDefaults: shown.podTemplate,
    validate: podTemplateRules,
  },
  {
    ...core,
    kind: "ReplicationController",
    plural: "replicationcontrollers",
    shortNames: ["rc"],
    categories: ["all"],
    hasStatus: true,
    scale: replicasScale,
    selectableFields: fields.replicationControllerFields,
    columns: replicationControllerColumns,
    mergeShape: shapes.workload,
    shownDefaults: shown.replicated,
    validate: replicationControllerRules,
  },
  {
    ...plain,
    kind: "ResourceQuota",
    plural: "resourcequotas",
    shortNames: ["quota"],
    hasStatus: true,
    columns: columns.resourceQuotaColumns,
    mergeShape: shapes.quota,
    validate: resourceQuotaRules,
  },
  {
    ...plain,
    kind: "Secret",
    plural: "secrets",
    selectableFields: ["type"],
    columns: columns.secretColumns,
    mergeShape: shapes.secret,
    prepare: preparedSecret,
    validate: (object, before) => [...secretContentErrors(object), ...secretErrors(object, before)],
  },
  {
    ...plain,
    kind: "Service",
    plural: "services",
    isMadeByPut: true,
    shortNames: ["svc"],
    categories: ["all"],
    hasStatus: true,
    nameRule: "dns-1035-label",
    selectableFields: fields.serviceFields,
    columns: serviceColumns,
    mergeShape: shapes.service,
    prepare: preparedService,
    validate: serviceRules,
  },
  {
    ...plain,
    kind: "ServiceAccount",
    plural: "serviceaccounts",
    shortNames: ["sa"],
    lacks: {
      token:
        "no tokens are issued for ServiceAccounts here: callers are known by the tokens of " +
        "Microsoft Entra ID (kubelogin), so give an Entra identity the role instead",
    },
    columns: columns.serviceAccountColumns,
    mergeShape: shapes.serviceAccount,
  },
];
