import { type Answer, answer } from "./answers.ts";
import { type Caller, refuseToken } from "./authorization.ts";
import { badRequest, notSupported, ownerNotFound } from "./refusal.ts";
import { charges } from "./request-units.ts";
import type { Metadata } from "./routes.ts";
import type { Store } from "./store.ts";
import { isObject, type WireRequest } from "./wire.ts";

export type Consistency = "Strong" | "Session";

export interface Account {
  readonly store: Store;
  /** Where clients reach the account: it ends in "/". */
  readonly url: string;
  readonly consistency: Consistency;
}

/**
 * Serves the account document, databases, containers and their one physical partition.
 *
 * @throws Refusal (400, 403, 404, 409)
 */
export function serveMetadata(
  metadata: Metadata,
  request: WireRequest,
  { account, caller }: { readonly account: Account; readonly caller: Caller },
): Answer {
  const { store } = account;
  switch (metadata.kind) {
    case "account":
      return found(accountDocument(account));
    case "read-database":
      return found(store.database(metadata.database) ?? missing());
    case "read-container":
      return found(containerOf(metadata).definition);
    case "ranges":
      return found(ranges(containerOf(metadata).definition));
    case "create-database":
      refuseToken(caller, "POST /dbs");
      return created(store.createDatabase(bodyOf(request)));
    case "create-container":
      refuseToken(caller, "POST /dbs/*/colls");
      if (request.headers["x-ms-offer-throughput"] !== undefined) {
        throw notSupported("a throughput for a container");
      }
      return created(store.createContainer(metadata.database, bodyOf(request)));
  }

  function containerOf(of: { readonly database: string; readonly container: string }) {
    return store.container(of.database, of.container) ?? missing();
  }
}

function missing(): never {
  throw ownerNotFound();
}

function found(document: object): Answer {
  return documentAnswer(200, document);
}

function created(document: object): Answer {
  return documentAnswer(201, document);
}

function documentAnswer(status: number, document: object): Answer {
  const etag = (document as { readonly _etag?: string })._etag;
  return answer({
    status,
    charge: charges.metadata,
    body: JSON.stringify(document),
    headers: etag === undefined ? {} : { etag },
  });
}

function bodyOf(request: WireRequest): unknown {
  try {
    const body: unknown = JSON.parse(request.body);
    if (isObject(body)) return body;
  } catch {}
  throw badRequest("The request payload is invalid: must be a JSON object");
}

function accountDocument({ url, consistency }: Account): object {
  const location = [{ name: "Local", databaseAccountEndpoint: url }];
  return {
    _self: "",
    id: "local",
    _rid: "local",
    media: "//media/",
    addresses: "//addresses/",
    _dbs: "//dbs/",
    writableLocations: location,
    readableLocations: location,
    enableMultipleWriteLocations: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 3, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: consistency },
    systemReplicationPolicy: { minReplicaSetSize: 3, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: JSON.stringify({ maxSqlQueryInputLength: 262_144 }),
  };
}

function ranges(container: { readonly _rid: string; readonly _self: string }): object {
  const range = {
    _rid: container._rid,
    id: "0",
    _etag: '"0"',
    minInclusive: "",
    maxExclusive: "FF",
    ridPrefix: 0,
    _self: `${container._self}pkranges/0/`,
    throughputFraction: 1,
    status: "online",
    parents: [],
  };
  return { _rid: container._rid, PartitionKeyRanges: [range], _count: 1 };
}
