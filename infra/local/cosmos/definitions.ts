import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { notSupported } from "./refusal.ts";
import type { JsonObject } from "./wire.ts";

const path = z.strictObject({
  path: z.string().max(1_024),
  indexes: z.array(z.unknown()).optional(),
});
const compositePath = z.strictObject({
  path: z.string().max(1_024),
  order: z.enum(["ascending", "descending"]).optional(),
});

const indexingPolicy = z.strictObject({
  indexingMode: z.literal("consistent").default("consistent"),
  automatic: z.literal(true).default(true),
  includedPaths: z.array(path).max(100).optional(),
  excludedPaths: z.array(path).max(100).optional(),
  compositeIndexes: z.array(z.array(compositePath).min(2).max(8)).max(100).optional(),
});

const containerBody = z.strictObject({
  id: z.string().regex(/^[^/\\#?]{1,255}$/),
  partitionKey: z.strictObject({
    paths: z.tuple([z.string().regex(/^\/[A-Za-z_]\w*$/)]),
    kind: z.literal("Hash").default("Hash"),
    version: z.literal(2),
  }),
  indexingPolicy: indexingPolicy.optional(),
  defaultTtl: z.union([z.literal(-1), z.int().positive().max(2_147_483_647)]).optional(),
});

const databaseBody = z.strictObject({ id: z.string().regex(/^[^/\\#?]{1,255}$/) });

/** What a container is created from: the body of `POST /dbs/{db}/colls`. */
export type ContainerBody = z.input<typeof containerBody>;

export interface DatabaseDefinition extends JsonObject {
  readonly id: string;
  readonly _rid: string;
}

/** A container as it is stored and read back: with every default, and system properties. */
export interface ContainerDefinition extends JsonObject {
  readonly id: string;
  readonly _rid: string;
  readonly _self: string;
  readonly defaultTtl?: number;
  readonly partitionKey: {
    readonly paths: [string];
    readonly kind: string;
    readonly version: number;
  };
  readonly indexingPolicy: ReturnType<typeof completePolicy>;
}

/** @throws Refusal (400) for a body that holds more than a plain id. */
export function defineDatabase(body: unknown, nowSeconds: number): DatabaseDefinition {
  const { id } = parsed(databaseBody, body, "this database definition");
  const rid = randomBytes(4).toString("base64").replaceAll("/", "-");
  return {
    id,
    _rid: rid,
    _self: `dbs/${rid}/`,
    _etag: `"${randomUUID()}"`,
    _colls: "colls/",
    _users: "users/",
    _ts: nowSeconds,
  };
}

/**
 * @throws Refusal (400) for what the product does not use: other partition keys than one top-level
 * path of version 2, unique keys, all-versions feeds, vector and full-text policies.
 */
export function defineContainer(
  database: DatabaseDefinition,
  body: unknown,
  nowSeconds: number,
): ContainerDefinition {
  const given = parsed(containerBody, body, "this container definition");
  const rid = Buffer.concat([
    Buffer.from(database._rid.replaceAll("-", "/"), "base64"),
    randomBytes(4),
  ])
    .toString("base64")
    .replaceAll("/", "-");
  return {
    id: given.id,
    partitionKey: given.partitionKey,
    indexingPolicy: completePolicy(given.indexingPolicy),
    ...(given.defaultTtl === undefined ? {} : { defaultTtl: given.defaultTtl }),
    conflictResolutionPolicy: {
      mode: "LastWriterWins",
      conflictResolutionPath: "/_ts",
      conflictResolutionProcedure: "",
    },
    _rid: rid,
    _self: `dbs/${database._rid}/colls/${rid}/`,
    _etag: `"${randomUUID()}"`,
    _docs: "docs/",
    _sprocs: "sprocs/",
    _triggers: "triggers/",
    _udfs: "udfs/",
    _conflicts: "conflicts/",
    _ts: nowSeconds,
  };
}

/** The service indexes everything by default, and never the ETag unless asked. */
function completePolicy(given: z.output<typeof indexingPolicy> | undefined) {
  const etag = '/"_etag"/?';
  const excluded = (given?.excludedPaths ?? []).map((each) => ({ path: each.path }));
  const included = given?.includedPaths?.map((each) => ({ path: each.path }));
  const everything = given?.excludedPaths?.some((each) => each.path === "/*") ? [] : ["/*"];
  return {
    indexingMode: given?.indexingMode ?? "consistent",
    automatic: true,
    includedPaths: included ?? everything.map((each) => ({ path: each })),
    excludedPaths: [...excluded.filter((each) => each.path !== etag), { path: etag }],
    ...(given?.compositeIndexes === undefined ? {} : { compositeIndexes: composites(given) }),
  };
}

function composites(given: z.output<typeof indexingPolicy>) {
  return (given.compositeIndexes ?? []).map((each) =>
    each.map(({ path: at, order }) => ({ path: at, order: order ?? ("ascending" as const) })),
  );
}

function parsed<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw notSupported(`${what} (${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"})`);
}
