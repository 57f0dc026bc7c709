/**
 * What the endpoint answers instead of doing what was asked. The texts are the service's own where
 * its documents or its SDKs show them.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The HTTP status, or the status of one operation of a batch. */
  readonly status: number;
  /** The word in the error body, such as "NotFound". */
  readonly code: string;
  readonly substatus: number | undefined;
  /** Request units that the refused request still costs. */
  readonly charge: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, more: RefusalMore = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.substatus = more.substatus;
    this.charge = more.charge ?? 0;
    this.retryAfterMs = more.retryAfterMs;
  }
}

interface RefusalMore {
  readonly substatus?: number;
  readonly charge?: number;
  readonly retryAfterMs?: number;
}

/** A request that the service refuses too. */
export function badRequest(message: string, substatus?: number): Refusal {
  return new Refusal(400, "BadRequest", message, substatus === undefined ? {} : { substatus });
}

/**
 * A request that the service may well serve, but this endpoint does not: it emulates only what the
 * product uses, so that nobody comes to rely on an imitation of the rest.
 */
export function notSupported(what: string): Refusal {
  return badRequest(`Cannot serve ${what}: the local Cosmos DB endpoint does not support it`);
}

export function itemNotFound(charge: number): Refusal {
  const message = "Entity with the specified id does not exist in the system.";
  return new Refusal(404, "NotFound", message, { charge });
}

/** Substatus 1003 tells a client that the container is missing, not the item in it. */
export function ownerNotFound(substatus?: number): Refusal {
  const more = substatus === undefined ? { charge: 1 } : { charge: 1, substatus };
  return new Refusal(404, "NotFound", "Owner resource does not exist", more);
}

export function conflict(message: string, charge: number): Refusal {
  return new Refusal(409, "Conflict", message, { charge });
}

export function preconditionFailed(message: string, charge: number): Refusal {
  return new Refusal(412, "PreconditionFailed", message, { charge });
}

export function tooLarge(): Refusal {
  return new Refusal(413, "RequestEntityTooLarge", "Request size is too large");
}
