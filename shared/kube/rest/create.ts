import { createHash } from "node:crypto";
import type { Document } from "../../lib/document.ts";
import { kubeTime } from "../../lib/instant.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { inVersionOf } from "../apply/in-version.ts";
import { trackUpdate } from "../apply/track-update.ts";
import { type WriteOptions, writeOptionsOf } from "../http/query-options.ts";
import { isString, omit, printed, textOf } from "../json.ts";
import type { Creator } from "../kind-writes.ts";
import { apiVersionOf } from "../kinds.ts";
import { documentKey, toStored } from "../object/to-object.ts";
import { withOwnFinalizers } from "../object/with-own-finalizers.ts";
import { admit } from "../schema/admit.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import {
  alreadyExists,
  badRequest,
  methodNotAllowed,
  modifiedMeanwhile,
  StatusError,
} from "../status-error.ts";
import { tellWarnings } from "../warnings/warnings.ts";
import { anonymous } from "./check-access.ts";
import { bodyOf, commitTo, refsOf } from "./commit.ts";
import { hasVersion } from "./has-version.ts";
import { incomingObject } from "./incoming.ts";
import { bornNamespace, labelledNamespace, openNamespace } from "./namespaces.ts";
import { respondObject, viewOf } from "./present.ts";
import type { ResourceRequest } from "./resource-request.ts";
import { untilMade } from "./until-made.ts";

/** POST to a collection. */
export async function createObject(request: ResourceRequest): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  checkPlace(request);
  const warnings: string[] = [];
  const object = await incomingObject(request, options.fieldValidation, warnings);
  return await createFrom({ request, options, object, isApplied: false, warnings });
}

export interface Creation {
  readonly request: ResourceRequest;
  readonly options: WriteOptions;
  readonly object: KubeObject;
  /** Its managed fields are set already, by server-side apply. */
  readonly isApplied: boolean;
  readonly warnings: string[];
}

/** Makes the object and answers with it. Throws 409 when there is one of that name. */
export async function createFrom(creation: Creation): Promise<Response> {
  const { request, warnings } = creation;
  const { kind, api } = request;
  if (kind.isTerminating === true) throw ofTerminating(kind);
  checkNew(creation.object);
  kind.checkBeside?.(creation.object, api.kinds);
  const name = textOf(creation.object.metadata["name"]) ?? "";
  const told = warnings.length;
  const document = await untilMade({ ...request, name }, async () => {
    warnings.length = told;
    return await newDocument(creation);
  });
  if (document === undefined) throw modifiedMeanwhile(kind, name);
  return respondObject(await viewOf(document, request), request, { code: 201, warnings });
}

/** Undefined: to be tried again. */
async function newDocument(creation: Creation): Promise<Document<KubeBody> | undefined> {
  const { request, options } = creation;
  const object = newObject(withName(creation.object, request), creation);
  await checkAdmission(object, creation);
  const made = options.dryRun ? await pretend(object, request) : await tryCreate(object, request);
  if (made === "again") return undefined;
  if (made !== "exists") return made;
  // Another generated name is free in all likelihood; a given name stays taken.
  if (isGenerated(creation.object)) return undefined;
  throw alreadyExists(request.kind, printed(object.metadata["name"]));
}

/** Objects of namespaces are made in one. */
function checkPlace({ kind, namespace }: ResourceRequest): void {
  if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
}

function ofTerminating(kind: ServedKind): StatusError {
  const message = "create not allowed while custom resource definition is terminating";
  return new StatusError(405, "MethodNotAllowed", message, {
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
  });
}

function checkNew({ metadata }: KubeObject): void {
  if (hasVersion(metadata["resourceVersion"])) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
}

function isGenerated({ metadata }: KubeObject): boolean {
  return !isString(metadata["name"]) || metadata["name"] === "";
}

const generatedBaseCharactersMax = 58;

function withName(object: KubeObject, { api }: ResourceRequest): KubeObject {
  const base = textOf(object.metadata["generateName"]) ?? "";
  if (!isGenerated(object) || base === "") return object;
  const name = `${base.slice(0, generatedBaseCharactersMax)}${nameSuffix(api.ids())}`;
  return { ...object, metadata: { ...object.metadata, name } };
}

/** Five characters that spell no word, as Kubernetes draws them. */
function nameSuffix(id: string): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const digest = createHash("sha256").update(id).digest();
  return [...digest.subarray(0, 5)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

/** What only the server sets. */
const serverMetadata = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
];

function newObject(given: KubeObject, creation: Creation): KubeObject {
  const { request, options, warnings } = creation;
  const { api, kind, version } = request;
  const metadata = omit(given.metadata, serverMetadata);
  const clean: KubeObject = {
    ...(kind.hasStatus ? (omit(given, ["status"]) as KubeObject) : given),
    metadata,
  };
  const isNamespace = kind.holdsNamespaces === true;
  const born = isNamespace ? labelledNamespace(clean) : clean;
  const { fieldValidation } = options;
  const now = kubeTime(api.clock.now());
  const object = admit({ kind, version, object: born, fieldValidation, warnings, now });
  tellWarnings(kind.warn, warnings, object);
  const owned = creation.isApplied ? object : tracked(object, creation);
  const withOwner = withOwnFinalizers(owned, kind);
  const said = kind.withCreator?.(withOwner, api.caller ?? nobody) ?? withOwner;
  return isNamespace ? bornNamespace(said) : said;
}

const nobody: Creator = { name: anonymous, groups: ["system:unauthenticated"] };

function tracked(object: KubeObject, { request, options }: Creation): KubeObject {
  const { api, kind, version } = request;
  return trackUpdate({
    live: undefined,
    object,
    inVersion: inVersionOf(api.kinds, kind),
    manager: options.manager,
    apiVersion: apiVersionOf(kind, version.name),
    hasStatus: kind.hasStatus,
    now: kubeTime(api.clock.now()),
  });
}

async function checkAdmission(object: KubeObject, { request, options }: Creation): Promise<void> {
  const { api, kind, version, namespace } = request;
  const attributes: AdmissionAttributes = {
    operation: "create",
    kind,
    ...(namespace !== undefined && { namespace }),
    name: printed(object.metadata["name"]),
    dryRun: options.dryRun,
  };
  await api.admit?.(attributes, toStored(object, kind, version), undefined);
}

type Tried = Document<KubeBody> | "exists" | "again";

async function tryCreate(object: KubeObject, request: ResourceRequest): Promise<Tried> {
  const { api, kind, version, namespace } = request;
  const name = printed(object.metadata["name"]);
  const open = await openNamespace(api, kind, {
    name,
    ...(namespace !== undefined && { namespace }),
  });
  const stored = toStored(object, kind, version);
  const body = { ...bodyOf(stored, kind), ...kind.hiddenOnCreate?.(stored) };
  const key = keyFor(object, request);
  const committed = await commitTo(api, {
    writes: [{ kind: "create", key, body, refs: refsOf(kind, body, key) }],
    ...(open !== undefined && { require: [{ kind: "unchanged", document: open }] }),
  });
  if (committed.kind === "saved") return committed.documents[0] as Document<KubeBody>;
  return (await api.store.read(key)) === undefined ? "again" : "exists";
}

/** The document as it would be, for a dry run. */
async function pretend(object: KubeObject, request: ResourceRequest): Promise<Tried> {
  const { api, kind, version, namespace } = request;
  const name = printed(object.metadata["name"]);
  await openNamespace(api, kind, { name, ...(namespace !== undefined && { namespace }) });
  const key = keyFor(object, request);
  if ((await api.store.read(key)) !== undefined) return "exists";
  return {
    key,
    uid: api.ids(),
    createdAt: api.clock.now(),
    createdRevision: 0,
    revision: 0,
    generation: 1,
    refs: [],
    body: bodyOf(toStored(object, kind, version), kind),
  };
}

function keyFor(object: KubeObject, { api, kind, namespace }: ResourceRequest) {
  return documentKey(kind, {
    fleet: api.fleet,
    ...(namespace !== undefined && { namespace }),
    name: printed(object.metadata["name"]),
  });
}
