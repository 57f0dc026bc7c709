/** Requests for every route of a hub, good ones and what becomes of them when parts go wrong. */

import { dump } from "js-yaml";
import { encodeBytes, encodeInteger, encodeVarint } from "../../shared/kube/protobuf/wire.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import { fc } from "../chance.ts";
import { mutated, oddTexts, oddYaml } from "./fuzz-values.ts";

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

const meta = (fields: JsonObject = {}): JsonObject => ({
  name: "fuzz",
  labels: { a: "b" },
  annotations: { c: "d" },
  finalizers: ["example.com/f"],
  ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" }],
  managedFields: [
    {
      manager: "m",
      operation: "Update",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {}, 'k:{"name":"x"}': {}, 'v:"y"': {}, "i:0": {} } },
    },
  ],
  ...fields,
});

const container = { name: "m", image: "i", ports: [{ containerPort: 80 }], env: [{ name: "A" }] };

/** Where objects of a kind are, and a good one. */
const kinds: readonly (readonly [collection: string, object: JsonObject])[] = [
  ["/api/v1/namespaces/default/configmaps", { metadata: meta(), data: { a: "1" } }],
  ["/api/v1/namespaces/default/secrets", { metadata: meta(), data: { a: "MQ==" } }],
  ["/api/v1/namespaces", { metadata: { name: "fuzzed" } }],
  [
    "/apis/apps/v1/namespaces/default/deployments",
    {
      metadata: meta(),
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "b" } }, spec: { containers: [container] } },
      },
    },
  ],
  [
    "/apis/placement.kubernetes-fleet.io/v1beta1/clusterresourceplacements",
    {
      metadata: meta(),
      spec: {
        resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name: "n" }],
        policy: { placementType: "PickN", numberOfClusters: 2 },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%" } },
      },
    },
  ],
  [
    "/apis/fleet.azure.com/v1alpha1/clusterresourceplacements",
    {
      metadata: meta(),
      spec: {
        resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name: "n" }],
        policy: {
          clusterNames: ["a"],
          affinity: { clusterAffinity: { clusterSelectorTerms: [] } },
        },
      },
    },
  ],
  [
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    {
      metadata: { name: "things.fuzz.example.com" },
      spec: {
        group: "fuzz.example.com",
        scope: "Namespaced",
        names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
                "x-kubernetes-validations": [{ rule: "self.spec.size > 0", message: "no" }],
              },
            },
          },
        ],
      },
    },
  ],
  ["/apis/fuzz.example.com/v1/namespaces/default/things", { metadata: meta(), spec: { size: 1 } }],
  [
    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    { metadata: meta(), rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
  ],
  [
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { spec: { resourceAttributes: { verb: "get", resource: "pods", namespace: "default" } } },
  ],
  ["/apis/authentication.k8s.io/v1/selfsubjectreviews", {}],
];

const collection = fc.constantFrom(...kinds.map(([path]) => path));

const segment = fc.oneof(
  oddTexts.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom("%00", "%2e%2e", "%zz", "%ff", "%F0%9F", "a%2Fb", ";", "~", "a".repeat(3_000)),
);

const path = fc.oneof(
  { weight: 4, arbitrary: collection },
  { weight: 8, arbitrary: collection.map((each) => `${each}/fuzz`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        collection,
        fc.constantFrom("status", "scale", "finalize", "approval", "exec", "log", "binding"),
      )
      .map(([each, below]) => `${each}/fuzz/${below}`),
  },
  { weight: 1, arbitrary: fc.tuple(collection, segment).map(([each, odd]) => `${each}/${odd}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(collection, segment, fc.nat(8)).map(([each, odd, place]) => {
      const parts = each.split("/");
      parts[place % parts.length] = odd;
      return parts.join("/");
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["", "/", "/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1", "/apis/nope/v1"],
      ...["/openapi/v2", "/openapi/v3", "/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1"],
      ...["/openapi/v3/../..", "/version", "/healthz", "/livez/ping", "/metrics", "//api//v1"],
    ),
  },
);

const parameters = [
  ...["watch", "allowWatchBookmarks", "sendInitialEvents", "resourceVersion", "limit", "continue"],
  ...[
    "resourceVersionMatch",
    "timeoutSeconds",
    "labelSelector",
    "fieldSelector",
    "dryRun",
    "force",
  ],
  ...["fieldManager", "fieldValidation", "propagationPolicy", "gracePeriodSeconds", "pretty"],
  ...["includeObject", "orphanDependents", "timeout", "hash"],
] as const;

const parameterValue = fc.oneof(
  fc.constantFrom("true", "false", "1", "0", "All", "Strict", "NotOlderThan", "Exact", "Orphan"),
  fc.constantFrom("a=b", "a in (b,c)", "!a", "a in (", "metadata.name=fuzz", "spec.x=1", ",,", "="),
  fc.constantFrom("99999999999999999999", "-1", "1.5", "eyJ2IjoxfQ", "e30", "bnVsbA", "W10"),
  oddTexts,
);

const query = fc.array(fc.tuple(fc.constantFrom(...parameters), parameterValue), { maxLength: 4 });

const accept = fc.constantFrom(
  ...[
    "application/json",
    "application/yaml",
    "*/*",
    "text/html",
    "",
    ";;;q=,,",
    "application/cbor",
  ],
  "application/json;as=Table;v=v1;g=meta.k8s.io",
  "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json",
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
  "application/vnd.kubernetes.protobuf;q=abc,application/json;q=-1",
);

const protobufType = "application/vnd.kubernetes.protobuf";
const types = [
  "application/json",
  "application/yaml",
  protobufType,
  "application/merge-patch+json",
  "application/json-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
  "text/plain",
  "",
] as const;

interface Content {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const text = (value: string): Uint8Array => Buffer.from(value);
const typed = (of: (path: string) => JsonObject, path: string): JsonObject => ({
  ...named(path),
  ...of(path),
});

/** What a body at this path says it is. */
function named(at: string): JsonObject {
  const [, root = "", group = "", version = ""] = at.split("/");
  const apiVersion = root === "api" ? "v1" : `${group}/${version}`;
  const kindNames: Readonly<Record<string, string>> = {
    configmaps: "ConfigMap",
    secrets: "Secret",
    namespaces: "Namespace",
    deployments: "Deployment",
    clusterresourceplacements: "ClusterResourcePlacement",
    customresourcedefinitions: "CustomResourceDefinition",
    things: "Thing",
    clusterroles: "ClusterRole",
  };
  const plural = Object.keys(kindNames).findLast((name) => at.includes(`/${name}`)) ?? "";
  return { apiVersion, kind: kindNames[plural] ?? "Thing" };
}

const goodObject = (at: string): JsonObject => {
  const [, object = { metadata: meta() }] = kinds.findLast(([each]) => at.startsWith(each)) ?? [];
  return object;
};

const pointer = fc.constantFrom(
  ...["/data/a", "/metadata/labels/a", "/spec", "", "/", "/a/b/c", "/metadata/name", "/data/-"],
  ...["/metadata/finalizers/-", "/metadata/finalizers/99999999999", "/__proto__/x", "/data/~2"],
  ...["/constructor/prototype/x", "/metadata/managedFields/0", "/metadata/finalizers/-1"],
);
const jsonPatch = fc.array(
  fc.record(
    {
      op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test", "nope"),
      path: pointer,
      from: pointer,
      value: fc.constantFrom<Json>("x", null, 1, {}, [], { "~1": {} }),
    },
    { requiredKeys: ["op"] },
  ),
  { maxLength: 6 },
) as fc.Arbitrary<Json>;

const directives = fc.constantFrom<JsonObject>(
  { $patch: "replace" },
  { $patch: "nope" },
  { $patch: 1 },
  { metadata: { $retainKeys: "x", labels: { $patch: "delete" } } },
  { metadata: { "$deleteFromPrimitiveList/finalizers": "x" } },
  { metadata: { "$setElementOrder/finalizers": [1, {}, null], finalizers: [{}] } },
  { metadata: { ownerReferences: [{ $patch: "delete" }, 1, null] } },
  { "$setElementOrder/": [], "$deleteFromPrimitiveList/": {} },
  { spec: { template: { spec: { containers: [{ name: {}, ports: [{ containerPort: [] }] }] } } } },
);

/** Protobuf of a ConfigMap, with a length, a tag or the nesting gone wrong. */
const protobuf = fc
  .tuple(fc.nat(12), fc.uint8Array({ maxLength: 40 }), fc.nat(400))
  .map(([how, random, place]) => {
    const name = encodeBytes(1, encodeBytes(1, "fuzz"));
    const data = encodeBytes(2, Buffer.concat([encodeBytes(1, "a"), encodeBytes(2, "1")]));
    let message: Buffer = Buffer.concat([name, data]);
    if (how === 1) message = Buffer.concat([message, encodeBytes(99, "unknown")]);
    if (how === 2) message = Buffer.concat([message, encodeVarint(1 * 8 + 3)]);
    if (how === 3) message = Buffer.concat([encodeVarint(10), encodeVarint(2 ** 40), name]);
    if (how === 4) message = Buffer.concat([encodeInteger(1, 5), data]);
    if (how === 5) message = Buffer.from(random);
    if (how === 6) message = Buffer.concat([message, Buffer.alloc(20, 0xff)]);
    for (let level = 0; how === 7 && level < place; level++) message = encodeBytes(1, message);
    const type = Buffer.concat([encodeBytes(1, "v1"), encodeBytes(2, "ConfigMap")]);
    const head = how === 8 ? Buffer.from(random) : Buffer.from("k8s\0");
    const body = Buffer.concat([head, encodeBytes(1, type), encodeBytes(2, message)]);
    if (how === 9) return body.subarray(0, place % body.length);
    if (how === 10) body[place % body.length] = random[0] ?? 0xff;
    return body;
  });

function content(at: string): fc.Arbitrary<Content> {
  const good = typed(goodObject, at);
  const json = fc
    .oneof(
      { weight: 1, arbitrary: fc.constant<Json>(good) },
      { weight: 5, arbitrary: mutated(good) },
    )
    .map((value) => JSON.stringify(value));
  const type = fc.constantFrom(...types);
  const broken = fc
    .tuple(json, fc.nat(500), fc.constantFrom("", "}", '"', "\u0000", "\ud800", "["))
    .map(([value, place, odd]) => value.slice(0, place % value.length) + odd);
  const of = (which: string, body: fc.Arbitrary<string>): fc.Arbitrary<Content> =>
    body.map((value) => ({ type: which, bytes: text(value) }));
  return fc.oneof(
    { weight: 6, arbitrary: of("application/json", json) },
    { weight: 3, arbitrary: of("application/apply-patch+yaml", json) },
    { weight: 3, arbitrary: of("application/merge-patch+json", json) },
    { weight: 3, arbitrary: of("application/strategic-merge-patch+json", json) },
    {
      weight: 2,
      arbitrary: of(
        "application/strategic-merge-patch+json",
        directives.map((value) => JSON.stringify(value)),
      ),
    },
    {
      weight: 3,
      arbitrary: of(
        "application/json-patch+json",
        jsonPatch.map((value) => JSON.stringify(value)),
      ),
    },
    {
      weight: 1,
      arbitrary: of(
        "application/yaml",
        mutated(good).map((value) => dump(value)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("application/yaml", "application/apply-patch+yaml"), oddYaml)
        .map(([which, value]) => ({ type: which, bytes: text(value) })),
    },
    { weight: 3, arbitrary: protobuf.map((bytes) => ({ type: protobufType, bytes })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(type, broken)
        .map(([which, value]) => ({ type: which, bytes: text(value) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(type, fc.uint8Array({ maxLength: 200 }))
        .map(([which, bytes]) => ({ type: which, bytes })),
    },
  );
}

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "PATCH", "DELETE") },
  { weight: 1, arbitrary: fc.constantFrom("HEAD", "OPTIONS", "PROPFIND", "get") },
);

export const requests: fc.Arbitrary<FuzzedRequest> = fc
  .tuple(method, path)
  .chain(([how, at]) =>
    fc.record({
      method: fc.constant(how),
      path: fc.constant(at),
      query,
      accept: fc.option(accept, { nil: undefined }),
      agent: fc.constantFrom("kubectl/v1.34", "", "\u00e9/1", "a".repeat(500)),
      content: how === "GET" || how === "HEAD" ? fc.constant(undefined) : content(at),
    }),
  )
  .map(({ method: how, path: at, query: asked, accept: wanted, agent, content: sent }) => ({
    method: how,
    path: at,
    query: asked,
    headers: {
      "user-agent": agent,
      ...(wanted !== undefined && { accept: wanted }),
      ...(sent !== undefined && sent.type !== "" && { "content-type": sent.type }),
    },
    ...(sent !== undefined && { body: sent.bytes }),
  }));
