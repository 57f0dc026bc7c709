/**
 * Why a request was refused, or why the world could not be asked. The hub turns a code into a
 * Kubernetes `Status`, admin into an ARM `error`, the engine into a later look.
 */
export type FleetErrorCode =
  | "Invalid"
  | "Unauthenticated"
  | "Forbidden"
  | "NotFound"
  | "AlreadyExists"
  | "ChangedMeanwhile"
  | "TooLarge"
  | "TooManyRequests"
  | "Unavailable"
  | "Expired";

export interface FleetErrorDetails {
  /** The field at fault, as a JSON path: "spec.stages[1].soakSeconds". */
  readonly field?: string;
  /** When asking again makes sense; only with `TooManyRequests` and `Unavailable`. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * A refusal that the caller can understand and act on.
 *
 * Throw it at the edge, for one caller's request, or from an adapter whose service is busy or away.
 * What a reconcile may expect to meet, such as a changed document, is a value in the return type
 * instead.
 */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly code: FleetErrorCode;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FleetErrorCode, message: string, details: FleetErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
