import { isString } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import { conflict, StatusError } from "../status-error.ts";
import { checkAccess } from "./check-access.ts";
import type { ObjectRequest } from "./resource-request.ts";

/** The two ways of a write that makes the object when there is none. */
export interface ChangeOrMake {
  /** Throws 404 when there is no object. */
  readonly change: () => Promise<Response>;
  /** Throws 409 `AlreadyExists` when there is one. */
  readonly make: () => Promise<Response>;
}

/** Between two looks an object is made and deleted again so often. */
const racesMax = 5;

/**
 * Changes what is there, or makes it where nothing is. `wanted` is what would be made; whoever
 * makes it must be allowed to create it: who may change what is there may not make what is not.
 */
export async function changeOrMake(
  request: ObjectRequest,
  wanted: KubeObject,
  { change, make }: ChangeOrMake,
): Promise<Response> {
  for (let race = 0; ; race++) {
    try {
      return await change();
    } catch (error) {
      if (!isAbsent(error, request)) throw error;
    }
    checkNew(wanted, request);
    await checkCreation(request);
    try {
      return await make();
    } catch (error) {
      // Somebody else has made it meanwhile, so there is something to change.
      if (!isTaken(error) || race >= racesMax) throw error;
    }
  }
}

function isAbsent(error: unknown, { name }: ObjectRequest): boolean {
  return error instanceof StatusError && error.code === 404 && error.details?.name === name;
}

function isTaken(error: unknown): boolean {
  return error instanceof StatusError && error.reason === "AlreadyExists";
}

/** Whoever names a uid means an object that was there. */
function checkNew({ metadata }: KubeObject, { kind, name }: ObjectRequest): void {
  const { uid } = metadata;
  if (isString(uid) && uid !== "") {
    throw conflict(
      kind,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
}

async function checkCreation({ api, kind, namespace, name }: ObjectRequest): Promise<void> {
  const { group, plural } = kind;
  const home = kind.holdsNamespaces === true ? name : namespace;
  const where = { ...(home !== undefined && { namespace: home }), name };
  await checkAccess({ kind: "resource", verb: "create", group, resource: plural, ...where }, api);
}
