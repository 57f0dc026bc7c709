/** Clients of other versions write fields that the tables lack. */
import { expect, test } from "vitest";
import { decodeProtobufBody } from "../../../shared/kube/protobuf/decode-body.ts";
import { encodeBytes, encodeDouble, encodeInteger } from "../../../shared/kube/protobuf/wire.ts";
import { configMaps, kubeFixture } from "../kube-fixture.ts";
import { writeBody as body } from "./write-message.ts";

const all = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const entry = (field: number, key: string, value: string): Buffer =>
  encodeBytes(field, all(encodeBytes(1, key), encodeBytes(2, value)));

test("fields that are not known are skipped, and told once when they have a value", () => {
  const zeros = all(
    encodeBytes(15, ""),
    encodeInteger(77, 0),
    encodeDouble(78, 0),
    encodeBytes(
      79,
      all(encodeBytes(1, ""), encodeInteger(2, 0), encodeBytes(3, encodeBytes(1, ""))),
    ),
  );
  const metadata = all(encodeBytes(1, "c"), zeros, encodeBytes(80, "x"), encodeBytes(80, "y"));
  const message = all(encodeBytes(1, metadata), entry(2, "a", "1"), encodeInteger(99, 1));
  const decoded = decodeProtobufBody(body("v1", "ConfigMap", message));
  expect(decoded.value).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "1" },
  });
  expect(decoded.unknown).toEqual([
    'unknown protobuf field 80 of message "ObjectMeta"',
    'unknown protobuf field 99 of message "ConfigMap"',
  ]);
});

test("of fields that are not known, a hundred are told", () => {
  const fields = Array.from({ length: 1000 }, (_, index) => encodeInteger(1000 + index, 1));
  const decoded = decodeProtobufBody(body("v1", "ConfigMap", all(...fields)));
  expect(decoded.unknown).toHaveLength(100);
});

const typed = { "content-type": "application/vnd.kubernetes.protobuf" };

async function createConfigMap(query: string, message: Buffer): Promise<Response> {
  const { send } = await kubeFixture();
  const bytes = new Uint8Array(body("v1", "ConfigMap", message));
  const url = `https://hub${configMaps}${query}`;
  return await send(new Request(url, { method: "POST", headers: typed, body: bytes }));
}

test.each([
  ["", true],
  ["?fieldValidation=Warn", true],
  ["?fieldValidation=Strict", true],
  ["?fieldValidation=Ignore", false],
])("a field that is not known is never refused: POST%s warns: %s", async (query, isTold) => {
  const message = all(encodeBytes(1, all(encodeBytes(1, "c"), encodeBytes(15, "old"))));
  const response = await createConfigMap(query, message);
  expect(response.status).toBe(201);
  expect(response.headers.get("warning")).toBe(
    isTold ? '299 - "unknown protobuf field 15 of message \\"ObjectMeta\\""' : null,
  );
});

test("what client-go before 0.25 sends, an empty clusterName, is not worth a word", async () => {
  const metadata = all(encodeBytes(1, "c"), encodeBytes(15, ""));
  const response = await createConfigMap("?fieldValidation=Strict", encodeBytes(1, metadata));
  expect(response.status).toBe(201);
  expect(response.headers.get("warning")).toBeNull();
});

const nestedJson = `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`;
const managed = encodeBytes(17, encodeBytes(7, encodeBytes(1, nestedJson)));

test.each([
  ["a key that no JSON body may have", entry(2, "__proto__", "a")],
  ["JSON that is nested too deep", encodeBytes(1, managed)],
])("%s is refused in protobuf, too", async (_name, more) => {
  const message = all(encodeBytes(1, encodeBytes(1, "c")), more);
  expect((await createConfigMap("", message)).status).toBe(400);
});
