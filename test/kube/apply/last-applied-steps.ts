/** What kubectl asks for when it applies on the client, on the server, and hands over. */
import { arrayOf, at, fieldsOf, objectOf } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  type Answer,
  applyType,
  configMap,
  configMaps,
  type KubeFixture,
  mergePatchType,
} from "../kube-fixture.ts";

export const annotation = "kubectl.kubernetes.io/last-applied-configuration";
export const clientSide = "fieldManager=kubectl-client-side-apply";

export function lastApplied(object: Json | undefined): string | undefined {
  return at(object, "metadata", "annotations", annotation) as string | undefined;
}

/** With the annotation that tells of it, or of something else. */
export function annotated(object: JsonObject, last: Json = object): JsonObject {
  const { metadata, ...rest } = object;
  const text = typeof last === "string" ? last : `${JSON.stringify(last)}\n`;
  return { ...rest, metadata: { ...objectOf(metadata), annotations: { [annotation]: text } } };
}

/** Who owns what of the data, and who owns the annotation. */
export function ownersOf(object: JsonObject): Readonly<Record<string, string>> {
  const entries = arrayOf(at(object, "metadata", "managedFields")) as JsonObject[];
  return Object.fromEntries(
    entries.map(({ manager, operation, fieldsV1 }) => {
      const data = fieldsOf(objectOf(at(fieldsV1, "f:data"))).map(([name]) => name.slice(2));
      const noted = at(fieldsV1, "f:metadata", "f:annotations", `f:${annotation}`);
      const owned = [...data.filter((name) => name !== ""), ...(noted ? ["annotation"] : [])];
      return [`${String(manager)} ${String(operation)}`, owned.join(" ")];
    }),
  );
}

export type Data = Readonly<Record<string, string>>;
export type Step = readonly [
  how: "client" | "server" | "server, as ci" | "edit" | "hand over",
  data?: Data,
];

export const path = `${configMaps}/s`;

/** As `kubectl apply`: what the annotation had and is no longer wanted goes. */
async function clientApply({ ask }: KubeFixture, data: Data): Promise<Answer> {
  const live = await ask("GET", path);
  const object = annotated(configMap("s", data));
  if (live.status === 404) return await ask("POST", `${configMaps}?${clientSide}`, object);
  const before = JSON.parse(lastApplied(live.body) ?? "{}") as JsonObject;
  const gone = Object.keys(objectOf(before["data"])).filter((name) => !(name in data));
  const patch = { ...object, data: { ...Object.fromEntries(gone.map((k) => [k, null])), ...data } };
  return await ask("PATCH", `${path}?${clientSide}`, patch, { type: mergePatchType });
}

/** As `kubectl apply --server-side` since 1.26 first saves the annotation, then hands over. */
async function handOver({ ask }: KubeFixture): Promise<Answer> {
  const { body } = await ask("GET", path);
  const note = annotated(configMap("s"), lastApplied(body) ?? "");
  await ask("PATCH", `${path}?fieldManager=kubectl-last-applied`, note, { type: applyType });
  const noted = await ask("GET", path);
  const entries = arrayOf(at(noted.body, "metadata", "managedFields")) as JsonObject[];
  const managedFields = entries.map((entry) =>
    entry["manager"] === "kubectl-client-side-apply"
      ? { ...entry, manager: "kubectl", operation: "Apply" }
      : entry,
  );
  const resourceVersion = at(noted.body, "metadata", "resourceVersion") ?? "";
  const patch = { metadata: { managedFields, resourceVersion } };
  return await ask("PATCH", path, patch, { type: mergePatchType });
}

export async function take(fixture: KubeFixture, [how, data = {}]: Step): Promise<Answer> {
  const { ask, pass } = fixture;
  pass(10);
  if (how === "client") return await clientApply(fixture, data);
  if (how === "hand over") return await handOver(fixture);
  if (how === "edit") {
    return await ask("PATCH", `${path}?fieldManager=bob`, { data }, { type: mergePatchType });
  }
  const manager = how === "server" ? "kubectl" : "ci";
  const object = configMap("s", data);
  return await ask("PATCH", `${path}?fieldManager=${manager}`, object, { type: applyType });
}
