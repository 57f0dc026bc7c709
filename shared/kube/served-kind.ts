import type { Store } from "../effects/store.ts";
import type { Document, Kind } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { JsonObject, KubeBody } from "../lib/kube-object.ts";
import type { ChangeBelow, Creator } from "./kind-writes.ts";
import type { Kinds } from "./kinds.ts";
import type { SchemaSet } from "./openapi/schema-set.ts";
import type { SelectableField } from "./selector/selectable-field.ts";

/** A Kubernetes object as clients send and receive it. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject;
}

/** One cause of a refusal: a field, and what is wrong with it, in Kubernetes' words. */
export interface FieldError {
  /** "spec.policy.numberOfClusters" */
  readonly field: string;
  /** Kubernetes' `metav1.CauseType`. */
  readonly reason:
    | "FieldValueInvalid"
    | "FieldValueRequired"
    | "FieldValueNotSupported"
    | "FieldValueNotFound"
    | "FieldValueForbidden"
    | "FieldValueDuplicate"
    | "FieldValueTypeInvalid"
    | "FieldValueTooLong"
    | "FieldValueTooMany";
  /** `Invalid value: "x": must be no more than 63 characters` */
  readonly message: string;
}

/**
 * A column of `kubectl get`, as a CustomResourceDefinition's `additionalPrinterColumns` names it.
 * "Name" comes before all columns, and is alone with "Age" where no columns are told of; cells with
 * a "Name" of their own are all that there is.
 */
export type PrinterColumn = {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** "int32", "date-time"; "name" for what names the object. */
  readonly format?: string;
  readonly description?: string;
  /** Above 0: shown with `-o wide` only. */
  readonly priority?: number;
} & (
  | {
      /** Where its value is: ".status.conditions[?(@.type=='Joined')].status" */
      readonly jsonPath: string;
    }
  | {
      /** What no path can say: "1/2". It is shown as it is, whatever the type. */
      readonly cell: (object: KubeObject, now: Instant) => string | number | boolean | null;
    }
);

/** A structural OpenAPI v3 schema, as CustomResourceDefinitions use it. */
export interface OpenApiSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly default?: JsonObject[string];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly title?: string;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly anyOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly not?: OpenApiSchema;
  readonly "x-kubernetes-preserve-unknown-fields"?: true;
  /** The value is a whole object: it has `apiVersion`, `kind` and `metadata`. */
  readonly "x-kubernetes-embedded-resource"?: true;
  /** What CEL expressions demand of the value. */
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
  readonly "x-kubernetes-int-or-string"?: true;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  /** How a strategic merge patch meets a list: by the merge key of its items. */
  readonly "x-kubernetes-patch-merge-key"?: string;
  /** "merge", "replace", "retainKeys", "merge,retainKeys" */
  readonly "x-kubernetes-patch-strategy"?: string;
}

/**
 * A demand in the Common Expression Language, on `self` and, in transition rules, on `oldSelf`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/
 */
export interface ValidationRule {
  /** "self.minReplicas <= self.maxReplicas" */
  readonly rule: string;
  readonly message?: string;
  /** An expression that makes the message. */
  readonly messageExpression?: string;
  readonly reason?:
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueRequired"
    | "FieldValueDuplicate";
  /** The field below `self` that is named as the cause: ".spec.size". */
  readonly fieldPath?: string;
  /** `oldSelf` is an optional, and the rule runs on creates too. */
  readonly optionalOldSelf?: boolean;
}

/** One version of a resource. The stored form is one for all versions. */
export interface ServedVersion {
  /** "v1", "v1alpha1" */
  readonly name: string;
  /** Left out: any field is accepted and kept (built-in kinds as inert templates). */
  readonly schema?: OpenApiSchema;
  /**
   * For a version without a schema: how its lists and maps merge, as far as it matters. Versions
   * that have it take strategic merge patches, as Kubernetes' own kinds do.
   */
  readonly mergeShape?: OpenApiSchema;
  /** For a built-in version without a schema: how a member cluster's OpenAPI describes it. */
  readonly learnt?: LearntKind;
  readonly columns?: readonly PrinterColumn[];
  /** What this version serves otherwise than its kind says. */
  readonly serves?: VersionServes;
  /** What clients of this version are warned of: "example.com/v1alpha1 Gadget is deprecated". */
  readonly deprecationWarning?: string;
  /** From this version to the stored form; left out when they are the same. */
  readonly toStored?: (object: KubeObject) => KubeObject;
  readonly fromStored?: (object: KubeObject) => KubeObject;
}

/**
 * A built-in kind as a member cluster describes it. It is used for what OpenAPI documents say, for
 * unknown fields and wrong types, and for how lists merge. What is required and which values are
 * allowed is told by the kind's own rules (`validation/`), as in a kube-apiserver: its OpenAPI is
 * not exact about that. Defaults are not set: templates stay as they are, but for `ShownDefaults`.
 */
export interface LearntKind {
  /** The schemas of its group version. */
  readonly schemas: SchemaSet;
  /** Its own among them: "io.k8s.api.apps.v1.Deployment". */
  readonly name: string;
  /**
   * Its structure, parsed at the first call and kept. It may contain itself: never walk it without
   * a value. Undefined when the schemas cannot be read.
   */
  readonly structure: () => OpenApiSchema | undefined;
}

export interface VersionServes {
  readonly hasStatus: boolean;
  /** Undefined for a version without `/scale`. */
  readonly scale: ScalePaths | undefined;
  readonly selectableFields: readonly string[];
}

/**
 * One resource that a Kubernetes API serves. All differences between kinds are told here: shared
 * code never asks which kind it has.
 */
export interface ServedKind {
  /** "" for core. */
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Preferred version first. */
  readonly versions: readonly ServedVersion[];
  /** The kind of the documents: "placement.kubernetes-fleet.io/clusterresourceplacements". */
  readonly documents: Kind<KubeBody>;
  /** Served below `/status`; then a write to the object itself keeps the status as it was. */
  readonly hasStatus: boolean;
  /** What its names look like; left out: "dns-subdomain". */
  readonly nameRule?: NameRule;
  /** False for kinds, such as ConfigMap, that show no `metadata.generation`. */
  readonly hasGeneration?: false;
  /** Served below `/scale`, for `kubectl scale`. */
  readonly scale?: ScalePaths;
  /** Subresources that clusters have and this API lacks on purpose, each with the reason. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** Field selectors besides `metadata.name` and `metadata.namespace`: "status.phase". */
  readonly selectableFields?: readonly (string | SelectableField)[];
  /** A CustomResourceDefinition of this API's users defines it, and its objects go with that. */
  readonly isCustom?: true;
  /** Its definition is being deleted, and its objects go with that: there are no new ones. */
  readonly isTerminating?: true;
  /** Its objects are the namespaces that other objects live in. */
  readonly holdsNamespaces?: true;
  /**
   * Its objects go only when what belongs to them is gone, which takes a while: somebody looks
   * again no later than so many seconds after the deletion, and so often while it waits.
   */
  readonly emptiedWithinSeconds?: number;
  /** Body fields that other faces own: never shown, kept by each write. */
  readonly hidden?: readonly string[];
  /** A PUT of an object that is not there makes it. */
  readonly isMadeByPut?: true;
  /** Clients read it and cannot write it. */
  readonly readOnly?: true;
  /** Finalizers that every living object has, because a controller must clean up after it. */
  readonly finalizers?: readonly string[];
  /** Those that it gets when its deletion is asked for, where somebody carries deletions on. */
  readonly finalizersOnDelete?: readonly string[];
  /** What is stored, as the kind's schema has it now: it may be older than that. */
  readonly coerce?: (stored: KubeObject) => KubeObject;
  /**
   * Sets what the server decides and defaults that depend on other fields, before validation. In
   * the stored form; `before` is left out on create. Pure: a dry run calls it too. `now` is a
   * Kubernetes time.
   */
  readonly prepare?: (object: KubeObject, before?: KubeObject, now?: string) => KubeObject;
  /** What the schema cannot say. `before` is left out on create. In the stored form. */
  readonly validate?: (object: KubeObject, before?: KubeObject) => readonly FieldError[];
  /** Sets what only the server says of who makes an object, whatever the client has said. */
  readonly withCreator?: (object: KubeObject, creator: Creator) => KubeObject;
  /**
   * Subresources that change the object in a way of their own, by name: "approval". A "status" that
   * is told here does so too.
   */
  readonly changesBelow?: Readonly<Record<string, ChangeBelow>>;
  /** Throws a `StatusError` for a new object that cannot stand beside the kinds of its API. */
  readonly checkBeside?: (object: KubeObject, kinds: Pick<Kinds, "find" | "findKind">) => void;
  /** What writers are warned of, once it is valid; in the version of the request. */
  readonly warn?: (object: KubeObject, before?: KubeObject) => Iterable<string>;
  /** The part of the body that a create from this face sets besides the object. */
  readonly hiddenOnCreate?: (object: KubeObject) => JsonObject;
  /** What the document is found by, from its body in the stored form. */
  readonly refsOf?: (body: KubeBody, name: string, namespace?: string) => readonly string[];
  /** Adds parts of the status that are kept in other documents, when the object is read. */
  readonly expand?: (object: KubeObject, document: Document, store: Store) => Promise<KubeObject>;
  /** The same in all versions. */
  readonly shownDefaults?: ShownDefaults;
}

/**
 * What clients are shown of fields that an object lacks. It is not stored, and nobody owns it; the
 * same when it comes back unchanged.
 */
export interface ShownDefaults {
  /** By name of the field: `{ replicas: 1 }`, or made of the object that lacks it. */
  readonly values?: JsonObject | ((object: JsonObject) => JsonObject);
  /** Of objects in fields, where they are there. */
  readonly fields?: Readonly<Record<string, ShownDefaults>>;
  /** Of each object in lists. */
  readonly items?: Readonly<Record<string, ShownDefaults>>;
}

/**
 * "dns-subdomain" (web.example), "dns-label" (web), "dns-1035-label" (a label that starts with a
 * letter) or "path-segment" (system:node, as roles are named).
 */
export type NameRule = "dns-subdomain" | "dns-label" | "dns-1035-label" | "path-segment";

/** Where `autoscaling/v1 Scale` finds its fields, as paths in the object. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  /** What it means that they are absent; 0 when left out. */
  readonly defaultReplicas?: number;
  readonly statusReplicas: readonly string[];
  /** A label selector, as text or as an object. */
  readonly selector?: readonly string[];
}

/** The kind name of documents of a resource: "deployments" in "apps" is "apps/deployments". */
export function documentKind(group: string, plural: string): Kind<KubeBody> {
  return group === "" ? plural : `${group}/${plural}`;
}
