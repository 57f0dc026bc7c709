import { expect, test } from "vitest";
import { decodeProtobufBody } from "../../../shared/kube/protobuf/decode-body.ts";
import { decodeMessage } from "../../../shared/kube/protobuf/decode-message.ts";
import { messageLines, messageOf } from "../../../shared/kube/protobuf/messages.ts";
import {
  encodeBytes,
  encodeDouble,
  encodeInteger,
  encodeTag,
  encodeVarint,
  readFields,
} from "../../../shared/kube/protobuf/wire.ts";
import { configMaps, kubeFixture } from "../kube-fixture.ts";
import { writeBody as body } from "./write-message.ts";

const all = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const entry = (field: number, key: string, value: string): Buffer =>
  encodeBytes(field, all(encodeBytes(1, key), encodeBytes(2, value)));

test("a ConfigMap keeps empty values and drops empty metadata", () => {
  // What Go writes of an ObjectMeta that has a name and nothing else.
  const metadata = all(
    encodeBytes(1, "c"),
    ...[2, 3, 4, 5, 6].map((field) => encodeBytes(field, "")),
    encodeInteger(7, 0),
    encodeBytes(8, ""),
  );
  const message = all(encodeBytes(1, metadata), entry(2, "a", "1"), entry(2, "b", ""));
  expect(decodeProtobufBody(body("v1", "ConfigMap", message)).value).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "1", b: "" },
  });
});

test("zeros that say something are kept, zeros that Go always writes are not", () => {
  const container = all(encodeBytes(1, "main"), encodeBytes(2, "nginx"), encodeInteger(16, 0));
  const pod = all(encodeBytes(2, container), encodeInteger(11, 0), encodeInteger(4, 0));
  const template = all(encodeBytes(1, ""), encodeBytes(2, pod));
  const spec = all(encodeInteger(1, 0), encodeBytes(3, template), encodeBytes(4, ""));
  const message = all(
    encodeBytes(1, encodeBytes(1, "d")),
    encodeBytes(2, spec),
    encodeBytes(3, ""),
  );
  expect(decodeProtobufBody(body("apps/v1", "Deployment", message)).value).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: {
      replicas: 0,
      template: {
        spec: { containers: [{ name: "main", image: "nginx" }], terminationGracePeriodSeconds: 0 },
      },
    },
  });
});

test("a CertificateSigningRequest is read as kubectl sends it to be approved", () => {
  const condition = all(encodeBytes(1, "Approved"), encodeBytes(4, ""), encodeBytes(6, "True"));
  const extra = all(encodeBytes(1, "a.com/b"), encodeBytes(2, encodeBytes(1, "c")));
  const spec = all(
    encodeBytes(1, "pem"),
    encodeBytes(2, "ann"),
    encodeBytes(5, "client auth"),
    encodeBytes(6, extra),
    encodeBytes(7, "example.com/signer"),
    encodeInteger(8, 600),
  );
  const message = all(
    encodeBytes(1, encodeBytes(1, "one")),
    encodeBytes(2, spec),
    encodeBytes(3, encodeBytes(1, condition)),
  );
  const type = ["certificates.k8s.io/v1", "CertificateSigningRequest"] as const;
  expect(decodeProtobufBody(body(...type, message)).value).toEqual({
    apiVersion: type[0],
    kind: type[1],
    metadata: { name: "one" },
    spec: {
      request: Buffer.from("pem").toString("base64"),
      username: "ann",
      usages: ["client auth"],
      extra: { "a.com/b": ["c"] },
      signerName: "example.com/signer",
      expirationSeconds: 600,
    },
    status: { conditions: [{ type: "Approved", status: "True" }] },
  });
});

test("structs that Go inlines stand in their parent, and pointers to empty ones stay", () => {
  const emptyDir = encodeBytes(2, "");
  expect(decodeMessage("Volume", all(encodeBytes(1, "v"), encodeBytes(2, emptyDir)))).toEqual({
    name: "v",
    emptyDir: {},
  });
  const reference = all(encodeBytes(1, encodeBytes(1, "s")), encodeBytes(2, "k"));
  expect(decodeMessage("SecretKeySelector", reference)).toEqual({ name: "s", key: "k" });
});

test("times, quantities, numbers or names and raw JSON are what they are in JSON", () => {
  const time = all(encodeInteger(1, 1_795_262_400), encodeInteger(2, 123_456_000));
  expect(decodeMessage("LeaseSpec", encodeBytes(3, time))).toEqual({
    acquireTime: "2026-11-21T12:00:00.123456Z",
  });
  const limits = encodeBytes(1, all(encodeBytes(1, "cpu"), encodeBytes(2, encodeBytes(1, "500m"))));
  expect(decodeMessage("ResourceRequirements", limits)).toEqual({ limits: { cpu: "500m" } });
  const port = (value: Buffer) =>
    decodeMessage("ServicePort", all(encodeInteger(3, 80), encodeBytes(4, value)));
  expect(port(all(encodeInteger(1, 0), encodeInteger(2, 8080)))).toEqual({
    port: 80,
    targetPort: 8080,
  });
  expect(port(all(encodeInteger(1, 1), encodeBytes(3, "web")))).toEqual({
    port: 80,
    targetPort: "web",
  });
  const managed = encodeBytes(7, encodeBytes(1, '{"f:data":{}}'));
  expect(decodeMessage("ManagedFieldsEntry", managed)).toEqual({ fieldsV1: { "f:data": {} } });
  expect(decodeMessage("Secret", entry(2, "a", "hi"))).toEqual({ data: { a: "aGk=" } });
  expect(decodeMessage("ServicePort", encodeInteger(3, -1))).toEqual({ port: -1 });
});

const definition = ["apiextensions.k8s.io/v1", "CustomResourceDefinition"] as const;
const raw = (field: number, text: string): Buffer => encodeBytes(field, encodeBytes(1, text));
const deep = `${"[".repeat(1_000_000)}`;
const created = (time: Buffer): Buffer => encodeBytes(1, encodeBytes(8, time));
const late = all(encodeInteger(1, 1), encodeInteger(2, 1_000_000_000));

/** A definition whose only version has a schema with these fields. */
function schema(fields: Buffer): Buffer {
  return encodeBytes(2, encodeBytes(7, encodeBytes(4, encodeBytes(1, fields))));
}

/** A schema that is `not` a schema that is `not` a schema … */
function nested(levels: number): Buffer {
  let message: Buffer = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) message = encodeBytes(28, message);
  return schema(message);
}

test.each([
  ["has no magic number", Buffer.from("nope"), 400],
  ["is of a kind that is not known", body("example.com/v1", "Widget", Buffer.alloc(0)), 415],
  ["is of a version that is not known", body("apps/v1beta1", "Deployment", Buffer.alloc(0)), 415],
  ["is cut off", body("v1", "ConfigMap", encodeBytes(1, "abc").subarray(0, 3)), 400],
  ["has a number for a text", body("v1", "ConfigMap", encodeBytes(1, encodeInteger(1, 5))), 400],
  ["has 8 bytes for a text", body("v1", "ConfigMap", encodeBytes(1, encodeDouble(1, 5))), 400],
  ["has text for a number", body("v1", "ConfigMap", encodeBytes(1, encodeBytes(7, "5"))), 400],
  ["has text for an object", body("v1", "ConfigMap", encodeBytes(1, "text")), 400],
  ["has a field 0", body("v1", "ConfigMap", Buffer.alloc(8)), 400],
  ["has a group", body("v1", "ConfigMap", Buffer.from([0x9b, 0x06, 0x9c, 0x06])), 400],
  [
    "says that it is huge",
    body("v1", "ConfigMap", all(encodeTag(9, 2), encodeVarint(2 ** 40))),
    400,
  ],
  ["has a time after year 9999", body("v1", "ConfigMap", created(encodeInteger(1, 2 ** 42))), 400],
  ["has a time of too many nanoseconds", body("v1", "ConfigMap", created(late)), 400],
  ["has a schema in a schema, a thousand times", body(...definition, nested(1000)), 400],
  ["has a limit that is no number", body(...definition, schema(encodeDouble(9, NaN))), 400],
  ["has a limit without end", body(...definition, schema(encodeDouble(9, Infinity))), 400],
  [
    "has a limit of 4 bytes",
    body(...definition, schema(Buffer.from([9 * 8 + 5, 0, 0, 0, 0]))),
    400,
  ],
  ["has a default that is no JSON", body(...definition, schema(raw(8, "{"))), 400],
  ["has a default that is nested too deep", body(...definition, schema(raw(8, deep))), 400],
  [
    "has a default that cannot be kept",
    body(...definition, schema(raw(8, "9007199254740993"))),
    400,
  ],
  [
    "has JSON that is none",
    body("v1", "ConfigMap", encodeBytes(1, encodeBytes(17, encodeBytes(7, encodeBytes(1, "{"))))),
    400,
  ],
  ["ends in a number", Buffer.from("k8s\0\xff", "latin1"), 400],
])("a body that %s is refused, not guessed at", (_name, bytes, code) => {
  expect(() => decodeProtobufBody(bytes)).toThrow(expect.objectContaining({ code }));
});

test.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 40])(
  "the number %i is read as it was written",
  (value) => {
    const [field] = [...readFields(encodeInteger(1, value))];
    expect(field).toEqual({ field: 1, wireType: 0, value: BigInt(value) });
    expect(encodeVarint(value).length).toBe(Math.max(1, Math.ceil(value.toString(2).length / 7)));
  },
);

test("every type that a message names is known", () => {
  const plain = new Set(["string", "bytes", "bool", "int32", "int64", "double"]);
  const special = new Set(["Time", "MicroTime", "Quantity", "IntOrString"]);
  const free = new Set(["FieldsV1", "RawExtension", "JSON"]);
  const unknown = messageLines()
    .flatMap(([name]) => [...(messageOf(name)?.values() ?? [])].map(({ type }) => type))
    .filter((type) => !plain.has(type) && !special.has(type) && !free.has(type))
    .filter((type) => messageOf(type) === undefined);
  expect(unknown).toEqual([]);
});

test("a million items and a million entries are read one after the other", () => {
  const items = Buffer.alloc(2 * 1_000_000, encodeBytes(14, ""));
  const finalizers = decodeMessage("ObjectMeta", items)["finalizers"];
  expect(finalizers).toHaveLength(1_000_000);
  const keys = Array.from({ length: 200_000 }, (_, index) => entry(2, String(index), ""));
  const { data } = decodeMessage("ConfigMap", Buffer.concat(keys));
  expect(Object.keys(data ?? {})).toHaveLength(200_000);
});

test("keys that JavaScript knows are keys like others", () => {
  const { data } = decodeMessage("ConfigMap", all(entry(2, "__proto__", "a"), entry(2, "b", "c")));
  expect(Object.entries(data ?? {})).toEqual([
    ["__proto__", "a"],
    ["b", "c"],
  ]);
});

test("options of a deletion are read in any version, and obeyed", async () => {
  const { ask, send, api } = await kubeFixture();
  await ask("POST", configMaps, { metadata: { name: "a" } });
  const preconditions = encodeBytes(2, encodeBytes(1, "another"));
  const bytes = body("v1", "DeleteOptions", preconditions);
  const response = await send(
    new Request(`https://hub${configMaps}/a`, {
      method: "DELETE",
      headers: { "content-type": "application/vnd.kubernetes.protobuf" },
      body: new Uint8Array(bytes),
    }),
  );
  expect(response.status).toBe(409);
  expect((await api.store.head(api.fleet)).revision).toBe(3);
});
