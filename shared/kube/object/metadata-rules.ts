import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooMany } from "../field-errors.ts";
import { arrayOf, isObject, objectOf, printed, textOf } from "../json.ts";
import type { FieldError, KubeObject, ServedKind } from "../served-kind.ts";
import { annotationErrors, labelErrors } from "./label-rules.ts";
import { nameErrors, qualifiedNameErrors } from "./name-rules.ts";

/** A document is found by each of its owners, so there is an end to them; finalizers likewise. */
const finalizersMax = 100;
const ownersMax = 100;

/** Finalizers that Kubernetes itself knows; those of others carry a domain. */
const standardFinalizers: readonly Json[] = ["orphan", "foregroundDeletion", "kubernetes"];

/** What metadata is measured by. */
export type NamedKind = Pick<ServedKind, "nameRule" | "versions" | "finalizers">;

/**
 * What is wrong with an object's metadata, in Kubernetes' words. Its types are right already:
 * `checkMetadataTypes` has seen to that.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/validation#ValidateObjectMeta
 */
export function metadataErrors(object: KubeObject, kind: NamedKind): readonly FieldError[] {
  const { metadata } = object;
  return [
    ...allNameErrors(metadata, kind),
    ...labelErrors(metadata["labels"], "metadata.labels"),
    ...annotationErrors(metadata["annotations"], "metadata.annotations"),
    ...ownerErrors(arrayOf(metadata["ownerReferences"])),
    ...finalizerErrors(arrayOf(metadata["finalizers"]), kind),
  ];
}

function allNameErrors(metadata: JsonObject, kind: NamedKind): readonly FieldError[] {
  const rule = kind.nameRule ?? "dns-subdomain";
  const name = textOf(metadata["name"]) ?? "";
  const base = textOf(metadata["generateName"]) ?? "";
  const errorsOf = (text: string, field: string, checked = text): readonly FieldError[] =>
    nameErrors(rule, checked).map((error) => invalidValue(field, text, dotted(error, text, rule)));
  // What ends with a dash becomes a name when letters follow.
  const ofBase =
    base === "" ? [] : errorsOf(base, "metadata.generateName", base.replace(/-$/, "a"));
  const ofName =
    name === ""
      ? [requiredValue("metadata.name", "name or generateName is required")]
      : errorsOf(name, "metadata.name");
  return [...ofBase, ...ofName];
}

/** Labels that are names say shortly that they have no dots. */
function dotted(error: string, text: string, rule: ServedKind["nameRule"]): string {
  const isOnlyDotted = rule === "dns-label" && nameErrors("dns-subdomain", text).length === 0;
  return isOnlyDotted && text.includes(".") ? "must not contain dots" : error;
}

function finalizerErrors(finalizers: readonly Json[], kind: NamedKind): readonly FieldError[] {
  const field = "metadata.finalizers";
  if (finalizers.length > finalizersMax) return [tooMany(field, finalizers.length, finalizersMax)];
  const errors = finalizers.flatMap((finalizer, index) => [
    ...qualifiedNameErrors(printed(finalizer)).map((error) =>
      invalidValue(field, finalizer, error),
    ),
    ...(isBuiltIn(kind) && !isQualified(finalizer, kind)
      ? [invalidValue(`${field}[${index}]`, finalizer, unqualified)]
      : []),
  ]);
  if (!finalizers.includes("orphan") || !finalizers.includes("foregroundDeletion")) return errors;
  const because = "finalizer orphan and foregroundDeletion cannot be both set";
  return [...errors, invalidValue(field, finalizers, because)];
}

const unqualified = "name is neither a standard finalizer name nor is it fully qualified";

function isQualified(finalizer: Json, kind: NamedKind): boolean {
  const known: readonly Json[] = [...standardFinalizers, ...(kind.finalizers ?? [])];
  return known.includes(finalizer) || printed(finalizer).includes("/");
}

/** Kubernetes' own kinds demand a domain; custom resources are warned of names without one. */
function isBuiltIn({ versions }: NamedKind): boolean {
  return versions.some(({ mergeShape }) => mergeShape !== undefined);
}

/** What a client should change about an object that is taken all the same. */
export function metadataWarnings(object: KubeObject, kind: ServedKind): readonly string[] {
  if (isBuiltIn(kind)) return [];
  return arrayOf(object.metadata["finalizers"])
    .filter((finalizer) => !isQualified(finalizer, kind))
    .map(
      (finalizer) =>
        `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer ` +
        "name to avoid accidental conflicts with other finalizer writers",
    );
}

function ownerErrors(owners: readonly Json[]): readonly FieldError[] {
  const field = "metadata.ownerReferences";
  if (owners.length > ownersMax) return [tooMany(field, owners.length, ownersMax)];
  const errors = owners.flatMap((owner) => ownerFieldErrors(objectOf(owner), field));
  const controllers = owners.filter(isObject).filter((owner) => owner["controller"] === true);
  if (controllers.length < 2) return errors;
  const [first, second] = controllers.map(({ kind, name }) => `${printed(kind)}/${printed(name)}`);
  const because =
    'Only one reference can have Controller set to true. Found "true" in references for ' +
    `${first} and ${second}`;
  return [...errors, invalidValue(field, owners, because)];
}

function ownerFieldErrors(owner: JsonObject, field: string): readonly FieldError[] {
  const text = (name: string): string => textOf(owner[name]) ?? "";
  const parts = text("apiVersion").split("/");
  const hasVersion = parts.length < 3 && parts.at(-1) !== "";
  const isEvent = text("kind") === "Event" && ["v1", "events.k8s.io/v1"].includes(parts.join("/"));
  const version = invalidValue(
    `${field}.apiVersion`,
    text("apiVersion"),
    "version must not be empty",
  );
  const group = parts.length === 2 ? parts[0] : "";
  const because = `${group}/${parts.at(-1)}, Kind=Event is disallowed from being an owner`;
  return [
    ...(hasVersion ? [] : [version]),
    ...["kind", "name", "uid"]
      .filter((name) => text(name) === "")
      .map((name) => invalidValue(`${field}.${name}`, "", "must not be empty")),
    ...(isEvent ? [invalidValue(field, owner, because)] : []),
  ];
}

/** The owners without those that are told twice, and a warning that says so. */
export function withoutOwnersTwice(object: KubeObject, warnings: string[]): KubeObject {
  const owners = arrayOf(object.metadata["ownerReferences"]);
  const seen = new Set<string>();
  const twice = new Set<string>();
  const once = owners.filter((owner) => {
    const text = JSON.stringify(owner);
    if (seen.has(text)) twice.add(printed(objectOf(owner)["uid"]));
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
  if (twice.size === 0) return object;
  warnings.push(
    ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in " +
      "1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate " +
      `UID(s) observed: ${[...twice].join(", ")}`,
  );
  return { ...object, metadata: { ...object.metadata, ownerReferences: once } };
}
