const meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Kubernetes' own schemas for values that are no objects. */
export const plainNames = {
  intOrString: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  microTime: `${meta}.MicroTime`,
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  rawExtension: "io.k8s.apimachinery.pkg.runtime.RawExtension",
  time: `${meta}.Time`,
} as const;

const metaModels: ReadonlySet<string> = new Set([
  "V1Condition",
  "V1LabelSelector",
  "V1LabelSelectorRequirement",
  "V1ListMeta",
  "V1ManagedFieldsEntry",
  "V1ObjectMeta",
  "V1OwnerReference",
  "V1ShardInfo",
]);

/** Core's, though no kind of the core group has them. */
const coreModels: ReadonlySet<string> = new Set([
  "V1TopologySelectorLabelRequirement",
  "V1TopologySelectorTerm",
]);

const packages: Readonly<Record<string, string>> = {
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

/** Which group a model belongs to when it is met in "apis/apps/v1", and what belongs to core. */
export interface NamedIn {
  /** "api/v1", "apis/apps/v1" */
  readonly path: string;
  readonly isCore: (model: string) => boolean;
}

/** Upstream's name of a model: "V1PodSpec" is "io.k8s.api.core.v1.PodSpec". */
export function schemaNameOf(model: string, { path, isCore }: NamedIn): string {
  const [, version = "", type = ""] = /^(?:[A-Z][a-z]+)?(V\d[a-z0-9]*)(.+)$/.exec(model) ?? [];
  if (metaModels.has(model)) return `${meta}.${type}`;
  if (isCore(model) || coreModels.has(model)) return `io.k8s.api.core.v1.${type}`;
  const [, group = ""] = path.split("/");
  const [word = ""] = group.split(".");
  return `${packages[group] ?? `io.k8s.api.${word}`}.${version.toLowerCase()}.${type}`;
}

/** The model of a kind or of its list: "V1Deployment"; some models of two groups have one name. */
export function modelOfKind(path: string, kind: string): string {
  if (kind === "Event" || kind === "EventList") {
    return `${path === "api/v1" ? "CoreV1" : "EventsV1"}${kind}`;
  }
  if (kind === "ResourceClaim") return "ResourceV1ResourceClaim";
  const version = path.split("/").at(-1) ?? "";
  return `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
}
