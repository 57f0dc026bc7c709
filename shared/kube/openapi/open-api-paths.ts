import type { JsonObject } from "../../lib/kube-object.ts";
import type { ReviewKind } from "../review/review-kinds.ts";
import { gvkOf, type KindVersion, listSchemaName, schemaName } from "./kind-schemas.ts";
import { reviewSchemaName } from "./reviews/review-schemas.ts";
import { schemaReference } from "./schema-reference.ts";

const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

/**
 * Strategic merge patch is told only where the schemas have the merge keys: kubectl takes them from
 * there then, and else from its own knowledge of Kubernetes' kinds.
 */
function patchTypesOf({ version }: KindVersion): readonly string[] {
  const isMergeTold = version.learnt !== undefined;
  return isMergeTold ? [...patchTypes, "application/strategic-merge-patch+json"] : patchTypes;
}

/**
 * The paths of a kind below its group version's: "/apis/apps/v1". kubectl reads from PATCH that the
 * server validates fields, and from GET which schema `explain` shows.
 */
export function pathsOf(each: KindVersion, base: string): JsonObject {
  const { plural, namespaced } = each.kind;
  const collection = `${base}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const item = operations(each, schemaName(each));
  const list = operations(each, listSchemaName(each));
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
        requestBody: { content: Object.fromEntries(patchTypesOf(each).map((type) => [type, {}])) },
      },
      delete: item("delete"),
      ...pathParameters(namespaced ? ["namespace", "name"] : ["name"]),
    },
  };
}

/** The one path of a review: it is only created. */
export function pathsOfReview(review: ReviewKind, base: string): JsonObject {
  const { group, version, kind, plural, namespaced } = review;
  const within = namespaced === true ? "namespaces/{namespace}/" : "";
  const schema = schemaReference(reviewSchemaName(review));
  return {
    [`${base}/${within}${plural}`]: {
      post: {
        operationId: `post${idOf(group, version, kind)}`,
        parameters: parametersOf("post"),
        responses: {
          "201": { description: "Created", content: { "application/json": { schema } } },
        },
        "x-kubernetes-action": "post",
        "x-kubernetes-group-version-kind": { group, version, kind },
      },
      ...pathParameters(namespaced === true ? ["namespace"] : []),
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
  const content = { "application/json": { schema: schemaReference(answers) } };
  return (action) => ({
    operationId: `${action}${idOf(each.kind.group, each.version.name, each.kind.kind)}`,
    parameters: parametersOf(action),
    responses: { "200": { description: "OK", content } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvkOf(each),
  });
}

function idOf(group: string, version: string, kind: string): string {
  const words = [...(group === "" ? "core" : group).split(/[.-]/), version, kind];
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
