/** Refusals in ARM's words, and every answer that is one. */
import { FleetError, type FleetErrorCode } from "../lib/fleet-error.ts";

export interface ArmErrorDetails {
  /** The field at fault: "properties.strategy.stages[0].name". */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What ARM answers with: `{"error":{"code","message","target"}}`.
 *
 * @see https://github.com/Azure/azure-resource-manager-rpc/blob/master/v1.0/common-api-details.md
 */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: ArmErrorDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.target = details.target;
    this.headers = details.headers ?? {};
  }
}

/** 400 for what a field says. */
export const invalid = (target: string, message: string): ArmError =>
  new ArmError(400, "InvalidParameter", message, { target });

/** 409 for what cannot be done in the state that the resource is in. */
export const notAllowed = (message: string): ArmError =>
  new ArmError(409, "OperationNotAllowed", message);

export const methodNotAllowed = ({ method }: Request): ArmError =>
  new ArmError(405, "MethodNotAllowed", `The method ${method} is not supported here.`);

export function armErrorOf(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  if (!(error instanceof FleetError)) {
    return new ArmError(500, "InternalServerError", "Cannot answer: an unexpected error happened");
  }
  const [status, code] = answers[error.code];
  const seconds = error.retryAfterSeconds;
  return new ArmError(status, code, error.message, {
    ...(error.field !== undefined && { target: error.field }),
    ...(seconds !== undefined && { headers: { "Retry-After": String(Math.ceil(seconds)) } }),
  });
}

const answers: Readonly<Record<FleetErrorCode, readonly [status: number, code: string]>> = {
  Invalid: [400, "InvalidParameter"],
  Unauthenticated: [401, "InvalidAuthenticationToken"],
  Forbidden: [403, "AuthorizationFailed"],
  NotFound: [404, "ResourceNotFound"],
  AlreadyExists: [409, "Conflict"],
  ChangedMeanwhile: [409, "Conflict"],
  TooLarge: [413, "RequestContentTooLarge"],
  TooManyRequests: [429, "TooManyRequests"],
  Unavailable: [503, "ServiceUnavailable"],
  Expired: [410, "Gone"],
};

export function errorBody({ code, message, target }: ArmError): unknown {
  return { error: { code, message, ...(target !== undefined && { target }) } };
}
