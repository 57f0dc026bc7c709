import { createHash } from "node:crypto";
import type { JsonObject } from "../../lib/kube-object.ts";
import { groupVersionsOf, type Kinds } from "../kinds.ts";
import { objectMetaSchema } from "../schema/object-shape.ts";
import type { OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";

export const schemaPrefix = "#/components/schemas/";
const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/** One served kind in one of its versions. */
export interface KindVersion {
  readonly kind: ServedKind;
  readonly version: ServedVersion;
}

/** What a group version serves, and under which path: "/apis/apps/v1". */
export interface OpenApiGroup {
  readonly path: string;
  readonly kinds: readonly KindVersion[];
}

/** A document and the hash that its URL carries. */
export interface OpenApiDocument {
  readonly body: JsonObject;
  readonly hash: string;
}

/** All group versions that have documents. */
export function openApiGroups(kinds: Kinds): readonly OpenApiGroup[] {
  return groupVersionsOf(kinds).flatMap(({ group, versions }) =>
    versions.map((name) => ({
      path: group === "" ? `/api/${name}` : `/apis/${group}/${name}`,
      kinds: kinds.all
        .filter((kind) => kind.group === group)
        .flatMap((kind) =>
          kind.versions
            .filter((version) => version.name === name)
            .map((version) => ({ kind, version })),
        ),
    })),
  );
}

/**
 * The OpenAPI v3 document of a group version. kubectl reads from it that the server validates
 * fields (the parameter `fieldValidation` of PATCH) and what `explain` shows.
 *
 * Strategic merge patch is left out of the types that PATCH takes: kubectl knows the merge keys of
 * Kubernetes' own kinds, and these documents do not.
 */
export function openApiV3(group: OpenApiGroup): OpenApiDocument {
  const body: JsonObject = {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.assign({}, ...group.kinds.map((each) => pathsOf(each, group.path))) as JsonObject,
    components: { schemas: schemasOf(group) },
  };
  return { body, hash: hashOf(body) };
}

export function hashOf(body: JsonObject): string {
  return createHash("sha512").update(JSON.stringify(body)).digest("hex").toUpperCase();
}

/** The schemas of a group version by name, each kind's own and those that all refer to. */
export function schemasOf({ kinds }: OpenApiGroup): JsonObject {
  return {
    [objectMeta]: json(objectMetaSchema),
    [listMeta]: {
      type: "object",
      description: "ListMeta describes metadata that lists have.",
      properties: {
        continue: { type: "string" },
        remainingItemCount: { type: "integer", format: "int64" },
        resourceVersion: { type: "string" },
      },
    },
    ...Object.fromEntries(
      kinds.flatMap((each) => [
        [schemaName(each), kindSchema(each)],
        [`${schemaName(each)}List`, listSchema(each)],
      ]),
    ),
  };
}

/** "io.kubernetes-fleet.placement.v1.Work", "io.k8s.api.core.v1.Pod" is "v1.Pod" here. */
function schemaName({ kind, version }: KindVersion): string {
  const reversed = kind.group.split(".").reverse().join(".");
  return `${reversed === "" ? "core" : reversed}.${version.name}.${kind.kind}`;
}

function gvkOf({ kind, version }: KindVersion, suffix = ""): JsonObject {
  return { group: kind.group, version: version.name, kind: `${kind.kind}${suffix}` };
}

function kindSchema(each: KindVersion): JsonObject {
  const { schema } = each.version;
  return {
    ...(schema === undefined ? {} : json(schema)),
    type: "object",
    ...(schema === undefined && { "x-kubernetes-preserve-unknown-fields": true }),
    properties: {
      apiVersion: {
        type: "string",
        description: "APIVersion defines the versioned schema of this representation of an object.",
      },
      kind: {
        type: "string",
        description:
          "Kind is a string value representing the REST resource this object represents.",
      },
      metadata: { allOf: [reference(objectMeta)], description: "Standard object's metadata." },
      ...json(schema?.properties ?? {}),
    },
    "x-kubernetes-group-version-kind": [gvkOf(each)],
  };
}

function listSchema(each: KindVersion): JsonObject {
  return {
    type: "object",
    description: `${each.kind.kind}List is a list of ${each.kind.kind}`,
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { allOf: [reference(listMeta)] },
      items: { type: "array", items: { allOf: [reference(schemaName(each))] } },
    },
    "x-kubernetes-group-version-kind": [gvkOf(each, "List")],
  };
}

function reference(name: string): JsonObject {
  return { $ref: `${schemaPrefix}${name}` };
}

/** Schemas are JSON; the type of their interface only says more. */
function json(schema: OpenApiSchema | Readonly<Record<string, OpenApiSchema>>): JsonObject {
  return schema as unknown as JsonObject;
}

const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

function pathsOf(each: KindVersion, base: string): JsonObject {
  const { plural, namespaced } = each.kind;
  const collection = `${base}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const item = operations(each, schemaName(each));
  const list = operations(each, `${schemaName(each)}List`);
  return {
    [collection]: {
      get: list("list"),
      post: item("post"),
      ...pathParameters(namespaced ? ["namespace"] : []),
    },
    [`${collection}/{name}`]: {
      get: item("get"),
      put: item("put"),
      patch: {
        ...item("patch"),
        requestBody: { content: Object.fromEntries(patchTypes.map((type) => [type, {}])) },
      },
      delete: item("delete"),
      ...pathParameters(namespaced ? ["namespace", "name"] : ["name"]),
    },
  };
}

function pathParameters(names: readonly string[]): JsonObject {
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string", uniqueItems: true },
    })),
  };
}

function operations(each: KindVersion, answers: string): (action: string) => JsonObject {
  const content = { "application/json": { schema: reference(answers) } };
  return (action) => ({
    operationId: `${action}${idOf(each)}`,
    parameters: parametersOf(action),
    responses: { "200": { description: "OK", content } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvkOf(each),
  });
}

function idOf({ kind, version }: KindVersion): string {
  const group = kind.group === "" ? "core" : kind.group;
  const words = [...group.split(/[.-]/), version.name, kind.kind];
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");
}

const writeParameters = ["dryRun", "fieldManager", "fieldValidation"];

function parametersOf(action: string): readonly JsonObject[] {
  const names: Readonly<Record<string, readonly string[]>> = {
    post: writeParameters,
    put: writeParameters,
    patch: [...writeParameters, "force"],
    delete: ["dryRun", "propagationPolicy"],
  };
  return (names[action] ?? []).map((name) => ({
    name,
    in: "query",
    schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
  }));
}
