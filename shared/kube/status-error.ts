import { documentBytesMax } from "../effects/store.ts";
import { FleetError } from "../lib/fleet-error.ts";
import type { JsonObject } from "../lib/kube-object.ts";
import { errorsOfItems } from "./errors-of-items.ts";
import type { FieldError, ServedKind } from "./served-kind.ts";

/** What a `metav1.Status` says beside its message; `reason` is what clients switch on. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly {
    readonly reason: string;
    readonly message: string;
    readonly field?: string;
  }[];
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal in Kubernetes' words: what becomes the `Status` body of an answer.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/errors
 */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

/** "deployments.apps", "configmaps": how Kubernetes names a resource in a sentence. */
export function resourceName({ plural, group }: Pick<ServedKind, "plural" | "group">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

function detailsOf(kind: Pick<ServedKind, "group" | "plural">, name: string): StatusDetails {
  return {
    ...(name !== "" && { name }),
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
  };
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

export function notFound(kind: ServedKind, name: string): StatusError {
  const message = `${resourceName(kind)} "${name}" not found`;
  return new StatusError(404, "NotFound", message, detailsOf(kind, name));
}

/** A path below a group version, or below a group, that is served nowhere. */
export function noSuchResource(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

/** A path that is served nowhere answers with text, as Go's file servers do. */
export class PageNotFoundError extends StatusError {
  constructor() {
    super(404, "NotFound", "404 page not found\n");
  }
}

export function alreadyExists(kind: ServedKind, name: string): StatusError {
  const message = `${resourceName(kind)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, detailsOf(kind, name));
}

export function conflict(
  kind: Pick<ServedKind, "group" | "plural">,
  name: string,
  because: string,
): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${because}`;
  return new StatusError(409, "Conflict", message, detailsOf(kind, name));
}

/** The version that the writer read is not the newest. */
export function modifiedMeanwhile(kind: ServedKind, name: string): StatusError {
  return conflict(
    kind,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function methodNotAllowed(
  message = "the server does not allow this method on the requested resource",
): StatusError {
  return new StatusError(405, "MethodNotAllowed", message, {});
}

/** Custom resources name the verb that they do not take. */
export function verbNotSupported(kind: ServedKind, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind "${resourceName(kind)}"`;
  return new StatusError(405, "MethodNotAllowed", message, detailsOf(kind, ""));
}

export function forbidden(message: string, details?: StatusDetails): StatusError {
  return new StatusError(403, "Forbidden", message, details);
}

export function expired(message: string): StatusError {
  return new StatusError(410, "Expired", message);
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(
    415,
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: " +
      accepted.join(", "),
  );
}

/** A type of patch that no kind takes. */
export function unknownMediaType(): StatusError {
  return new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/**
 * Fields that are wrong: 422 with one cause for each, and each sentence once. Of very many, the
 * first thousand are told.
 */
export function invalid(
  subject: Pick<ServedKind, "kind" | "group">,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const { kind, group } = subject;
  const causes = errorsOfItems(errors, (error) => [error]);
  const sentences = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const all = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
  return new StatusError(
    422,
    "Invalid",
    `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${all}`,
    {
      ...(name !== "" && { name }),
      ...(group !== "" && { group }),
      ...(kind !== "" && { kind }),
      causes,
    },
  );
}

/** Query parameters or options of a request's body that are wrong. */
export function invalidOption(options: string, ...errors: readonly FieldError[]): StatusError {
  return invalid({ kind: options, group: "meta.k8s.io" }, "", errors);
}

/** A body, or what becomes of it in the store, has more bytes than this. */
export function tooLarge(bytesMax: number): StatusError {
  const message = `Request entity too large: limit is ${bytesMax}`;
  return new StatusError(413, "RequestEntityTooLarge", message);
}

const codes: Readonly<Record<FleetError["code"], readonly [code: number, reason: string]>> = {
  Invalid: [422, "Invalid"],
  Unauthenticated: [401, "Unauthorized"],
  Forbidden: [403, "Forbidden"],
  NotFound: [404, "NotFound"],
  AlreadyExists: [409, "AlreadyExists"],
  ChangedMeanwhile: [409, "Conflict"],
  TooLarge: [413, "RequestEntityTooLarge"],
  TooManyRequests: [429, "TooManyRequests"],
  Unavailable: [503, "ServiceUnavailable"],
  Expired: [410, "Expired"],
};

/** Any error as a refusal. What nobody foresaw becomes a 500 that tells nothing. */
export function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof FleetError) {
    const [code, reason] = codes[error.code];
    const { field, retryAfterSeconds } = error;
    // The store's own words name its item; a client is told the limit.
    if (error.code === "TooLarge") return tooLarge(documentBytesMax);
    // What is away is nothing that a client knows: its name is for the log.
    const message = error.code === "Unavailable" ? unavailableMessage : error.message;
    return new StatusError(code, reason, message, {
      ...(field !== undefined && {
        causes: [{ reason: "FieldValueInvalid", message: error.message, field }],
      }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds: Math.ceil(retryAfterSeconds) }),
    });
  }
  return new StatusError(500, "InternalError", "Internal error occurred");
}

const unavailableMessage = "the server is currently unable to handle the request";

/** The `Status` object of a refusal. */
export function statusOf(error: StatusError): JsonObject {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: error.message,
    reason: error.reason,
    ...(error.details !== undefined && { details: error.details as unknown as JsonObject }),
    code: error.code,
  };
}
