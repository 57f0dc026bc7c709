import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { errorsOfItems } from "../errors-of-items.ts";
import { invalidValue, requiredValue, tooLong } from "../field-errors.ts";
import { jsonSyntaxError } from "../http/go-json.ts";
import { at, fieldsOf, isObject, objectOf, omit, printed, textOf } from "../json.ts";
import { goTypeName } from "../object/metadata-types.ts";
import { configKeyErrors } from "../object/name-rules.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";

/** All values of a ConfigMap or a Secret together. */
const contentBytesMax = 1024 * 1024;

/** What a ConfigMap's keys and values must be. */
export function configMapErrors(configMap: KubeObject): readonly FieldError[] {
  const data = objectOf(configMap["data"]);
  const binary = objectOf(configMap["binaryData"]);
  const bytes = textBytes(data) + decodedBytes(binary);
  return [
    ...errorsOfItems(fieldsOf(data), ([key]) => [
      ...keyErrors("data", key),
      ...(Object.hasOwn(binary, key)
        ? [invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData")]
        : []),
    ]),
    ...errorsOfItems(fieldsOf(binary), ([key]) => keyErrors("binaryData", key)),
    ...(bytes > contentBytesMax ? [tooLong("[]", contentBytesMax)] : []),
  ];
}

/** What a Secret's keys and values must be, which is more for the types that Kubernetes knows. */
export function secretContentErrors(secret: KubeObject): readonly FieldError[] {
  const data = objectOf(secret["data"]);
  return [
    ...errorsOfItems(fieldsOf(data), ([key]) => keyErrors("data", key)),
    ...(decodedBytes(data) > contentBytesMax ? [tooLong("data", contentBytesMax)] : []),
    ...typeErrors(secret, data),
  ];
}

function keyErrors(field: string, key: string): readonly FieldError[] {
  return configKeyErrors(key).map((error) => invalidValue(`${field}[${key}]`, key, error));
}

/** The keys that a Secret of a type must have. */
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
};

/** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
function typeErrors(secret: KubeObject, data: JsonObject): readonly FieldError[] {
  const type = textOf(secret["type"]) ?? "";
  if (type === "kubernetes.io/service-account-token") {
    const account = at(secret, "metadata", "annotations", accountAnnotation) ?? "";
    return account === "" ? [requiredValue(`metadata.annotations[${accountAnnotation}]`)] : [];
  }
  if (type === "kubernetes.io/basic-auth") {
    const hasOne = Object.hasOwn(data, "username") || Object.hasOwn(data, "password");
    return hasOne ? [] : ["username", "password"].map((key) => requiredValue(`data[${key}]`));
  }
  const wanted = (Object.hasOwn(keysOfType, type) ? keysOfType[type] : undefined) ?? [];
  const missing = wanted.filter((key) => !Object.hasOwn(data, key));
  if (missing.length > 0) return missing.map((key) => requiredValue(`data[${key}]`));
  return wanted
    .filter((key) => key.startsWith(".docker"))
    .flatMap((key) => dockerErrors(data, key));
}

const accountAnnotation = "kubernetes.io/service-account.name";

function dockerErrors(data: JsonObject, key: string): readonly FieldError[] {
  const text = Buffer.from(printed(data[key]), "base64").toString();
  try {
    JSON.parse(text);
    return [];
  } catch {
    return [invalidValue(`data[${key}]`, "<secret contents redacted>", jsonSyntaxError(text))];
  }
}

function textBytes(data: JsonObject): number {
  return fieldsOf(data).reduce((sum, [, value]) => sum + Buffer.byteLength(printed(value)), 0);
}

function decodedBytes(data: JsonObject): number {
  return fieldsOf(data).reduce(
    (sum, [, value]) => sum + Buffer.byteLength(printed(value), "base64"),
    0,
  );
}

/**
 * The object without maps of data that are empty. Throws 400, in the words of Go's JSON decoder,
 * for maps whose values are no text or, where they carry bytes, no base64.
 */
export function withCheckedContent(
  object: KubeObject,
  fields: Readonly<Record<string, "text" | "bytes">>,
): KubeObject {
  const empty = Object.entries(fields)
    .filter(([field, content]) => entriesIn(object, field, content).length === 0)
    .map(([field]) => field);
  return omit(object, empty) as KubeObject;
}

function entriesIn(
  object: KubeObject,
  field: string,
  content: "text" | "bytes",
): readonly [name: string, value: Json][] {
  const value = object[field] ?? {};
  if (!isObject(value)) throw cannotRead(object, field, value);
  const entries = fieldsOf(value);
  for (const [, each] of entries) {
    if (typeof each !== "string") throw cannotRead(object, field, value, each);
    if (content === "bytes") checkBase64(each, object);
  }
  return entries;
}

/** Go tells where the first wrong byte is. */
function checkBase64(text: string, object: KubeObject): void {
  const clean = text.replace(/[\r\n]/g, "");
  const good = /^[A-Za-z0-9+/]*/.exec(clean)?.[0].length ?? 0;
  const padding = clean.slice(good);
  const isWhole = clean.length % 4 === 0 && /^={0,2}$/.test(padding);
  if (isWhole) return;
  throw unreadable(object, `illegal base64 data at input byte ${good}`);
}

function cannotRead(object: KubeObject, field: string, map: Json, value?: Json): Error {
  const type = value === undefined ? "map[string]string" : "string";
  const found = goTypeName(value ?? map);
  const where = `Go struct field ${object.kind}.${field} of type ${type}`;
  return unreadable(object, `json: cannot unmarshal ${found} into ${where}`);
}

function unreadable({ kind, apiVersion }: KubeObject, because: string): Error {
  return badRequest(
    `${kind} in version "${apiVersion}" cannot be handled as a ${kind}: ${because}`,
  );
}
