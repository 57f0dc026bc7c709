import type { JsonObject } from "../../lib/kube-object.ts";
import { isObject } from "../json.ts";
import { objectMetaSchema, typeProperties } from "../schema/object-shape.ts";
import type { OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";
import { closedSchemas } from "./closed-schemas.ts";
import { schemaReference } from "./schema-reference.ts";

export const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/** One served kind in one of its versions. */
export interface KindVersion {
  readonly kind: ServedKind;
  readonly version: ServedVersion;
}

/** "io.k8s.api.apps.v1.Deployment" as upstream names it; else "com.example.v1.Widget". */
export function schemaName({ kind, version }: KindVersion): string {
  if (version.learnt !== undefined) return version.learnt.name;
  const reversed = kind.group.split(".").reverse().join(".");
  return `${reversed === "" ? "core" : reversed}.${version.name}.${kind.kind}`;
}

export function listSchemaName(each: KindVersion): string {
  return `${schemaName(each)}List`;
}

export function gvkOf({ kind, version }: KindVersion, suffix = ""): JsonObject {
  return { group: kind.group, version: version.name, kind: `${kind.kind}${suffix}` };
}

/** The schemas that the served kinds of a group version say themselves, by name. */
export function ownSchemas(kinds: readonly KindVersion[]): JsonObject {
  const own = kinds.filter(({ version }) => version.learnt === undefined);
  return own.length === 0 ? {} : { ...metaSchemas, ...schemasOfKinds(own) };
}

/**
 * All schemas of a group version, by name: those of learnt kinds as they were learnt, with what
 * they refer to, and those that the other kinds say themselves.
 */
export function allSchemas(kinds: readonly KindVersion[]): JsonObject {
  const learnt = kinds.filter(({ version }) => version.learnt !== undefined);
  // All kinds of a group version are learnt from one document.
  const schemas = learnt[0]?.version.learnt?.schemas.read() ?? {};
  const told = new Map(
    learnt.flatMap((each) => [
      [schemaName(each), JSON.stringify(gvkOf(each))],
      [listSchemaName(each), JSON.stringify(gvkOf(each, "List"))],
    ]),
  );
  const closed = closedSchemas(schemas, {
    roots: [...told.keys()],
    describes: (name, { group = "", version = "", kind = "" }) =>
      told.get(name) === JSON.stringify({ group, version, kind }),
  });
  const absent = learnt.filter((each) => !isObject(closed[schemaName(each)]));
  const listless = learnt.filter((each) => !isObject(closed[listSchemaName(each)]));
  return {
    ...ownSchemas(kinds),
    ...(absent.length + listless.length > 0 && metaSchemas),
    ...Object.fromEntries(absent.map((each) => [schemaName(each), kindSchema(each)])),
    ...Object.fromEntries(listless.map((each) => [listSchemaName(each), listSchema(each)])),
    ...closed,
  };
}

function schemasOfKinds(kinds: readonly KindVersion[]): JsonObject {
  return Object.fromEntries(
    kinds.flatMap((each) => [
      [schemaName(each), kindSchema(each)],
      [listSchemaName(each), listSchema(each)],
    ]),
  );
}

/** What the head of each object and list refers to, by name. */
export const metaSchemas: JsonObject = {
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
};

function kindSchema(each: KindVersion): JsonObject {
  const { schema } = each.version;
  // What a definition says of metadata only narrows what all objects have.
  const { apiVersion: _a, kind: _k, metadata: _m, ...own } = json(schema?.properties ?? {});
  return {
    ...(schema === undefined ? {} : json(schema)),
    type: "object",
    ...(schema === undefined && { "x-kubernetes-preserve-unknown-fields": true }),
    properties: {
      ...json(typeProperties),
      metadata: {
        allOf: [schemaReference(objectMeta)],
        description: "Standard object's metadata.",
      },
      ...own,
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
      metadata: { allOf: [schemaReference(listMeta)] },
      items: { type: "array", items: { allOf: [schemaReference(schemaName(each))] } },
    },
    "x-kubernetes-group-version-kind": [gvkOf(each, "List")],
  };
}

/** Schemas are JSON; the type of their interface only says more. */
function json(schema: OpenApiSchema | Readonly<Record<string, OpenApiSchema>>): JsonObject {
  return schema as unknown as JsonObject;
}
