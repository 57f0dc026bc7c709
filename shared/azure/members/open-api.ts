import type { GroupVersionSeen, OpenApiAsked, OpenApiSeen } from "../../effects/members.ts";
import { isObject, objectOf, textOf } from "../../kube/json.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { concurrently } from "./concurrently.ts";
import type { KubeAnswer, KubeClient } from "./kube-client.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** A cluster has some 20 group versions of its own; further ones wait for the next look. */
const documentsMax = 64;
/** Documents have up to 1 MB; so many are read at once. */
const documentsAtOnceMax = 2;
/** All schemas of a cluster have some 3 MB; what goes beyond waits for the next look. */
const schemasBytesMax = 24 * 1024 * 1024;
/** What is not read by then waits for the next look, so that no look outlives its message. */
const readMillisecondsMax = 60_000;
/** Longer than any hash: kube-apiserver's have 128 digits. */
const hashCharactersMax = 256;

/**
 * Reads the index of a cluster's OpenAPI v3 and the documents whose hash is not known. URLs of the
 * index are not followed: only the hash is taken from them.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export async function seeOpenApi(
  client: KubeClient,
  { groupVersions, known }: OpenApiAsked,
): Promise<OpenApiSeen> {
  const index = await client.ask({ method: "GET", path: "/openapi/v3" });
  if (index.status === 404) return { kind: "absent" };
  const hashes = hashesOf(index, groupVersions);
  const changed = Object.entries(hashes).filter(([path, hash]) => known[path] !== hash);
  const startedAt = performance.now();
  let bytes = 0;
  let failure: UnreachableError | undefined;
  const isOver = () =>
    failure !== undefined ||
    bytes > schemasBytesMax ||
    performance.now() - startedAt > readMillisecondsMax;

  async function readDocument(groupVersion: string, hash: string) {
    if (isOver()) return undefined;
    const schemas = await readSchemas(client, groupVersion, hash);
    if (schemas === undefined) return undefined;
    bytes += JSON.stringify(schemas).length;
    return { groupVersion, hash, schemas };
  }

  const read = await concurrently(
    changed.slice(0, documentsMax),
    documentsAtOnceMax,
    async ([groupVersion, hash]): Promise<GroupVersionSeen | undefined> => {
      try {
        return await readDocument(groupVersion, hash);
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        failure ??= error;
        return undefined;
      }
    },
  );
  const seen = read.filter((each) => each !== undefined);
  // What was read before the server went away is worth keeping.
  if (failure !== undefined && seen.length === 0) throw failure;
  return { kind: "seen", hashes, changed: seen };
}

/** Throws `UnreachableError` for an index that is refused or says nothing. */
function hashesOf(
  { status, body }: KubeAnswer,
  groupVersions: readonly string[],
): Readonly<Record<string, string>> {
  const { paths, message } = body;
  if (status !== 200 || !isObject(paths)) {
    const said = textOf(message) ?? "its index cannot be read";
    throw new UnreachableError(
      `the API server does not tell its OpenAPI (${status}): ${said}`,
      false,
    );
  }
  const found = groupVersions.flatMap((path): [string, string][] => {
    const hash = hashOf(Object.hasOwn(paths, path) ? paths[path] : undefined);
    return hash === undefined ? [] : [[path, hash]];
  });
  return Object.fromEntries(found);
}

/** "AB12" of `{ serverRelativeURL: "/openapi/v3/apis/apps/v1?hash=AB12" }` */
function hashOf(entry: Json | undefined): string | undefined {
  const url = textOf(objectOf(entry)["serverRelativeURL"]);
  const hash = /[?&]hash=([0-9a-zA-Z]+)/.exec(url ?? "")?.[1];
  return hash === undefined || hash.length > hashCharactersMax ? undefined : hash;
}

/** With its hash in the URL, a document is the one that the index tells, or there is none. */
async function readSchemas(
  client: KubeClient,
  groupVersion: string,
  hash: string,
): Promise<JsonObject | undefined> {
  const path = `/openapi/v3/${groupVersion}?hash=${hash}`;
  const { status, body } = await client.ask({ method: "GET", path });
  const { schemas } = objectOf(body["components"]);
  return status === 200 && isObject(schemas) ? schemas : undefined;
}
