import type { LocalAnswer } from "../tls/https-server.ts";

interface Details {
  readonly code: string;
  readonly message: string;
  /** The field at fault. */
  readonly target?: string;
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal in the form of Azure Resource Manager: `{ "error": { "code", "message" } }`.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/
 */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** AKS sends some of its errors without the `error` around them; SDKs read both. */
  readonly isFlat: boolean;

  constructor(status: number, details: Details, isFlat = false) {
    super(details.message);
    this.status = status;
    this.code = details.code;
    this.target = details.target;
    this.isFlat = isFlat;
    this.headers = {
      ...details.headers,
      ...(details.retryAfterSeconds === undefined
        ? {}
        : { "retry-after": String(details.retryAfterSeconds) }),
    };
  }
}

export function answerOf(error: ArmError): LocalAnswer {
  const { code, message, target } = error;
  const body = error.isFlat
    ? { code, details: null, message, subcode: "" }
    : { error: { code, message, ...(target === undefined ? {} : { target }) } };
  return {
    status: error.status,
    headers: { "x-ms-error-code": code, ...error.headers },
    body: JSON.stringify(body),
  };
}

export function badRequest(code: string, message: string, target?: string): ArmError {
  return new ArmError(400, { code, message, ...(target === undefined ? {} : { target }) });
}

export function notFound(id: string): ArmError {
  return new ArmError(404, {
    code: "ResourceNotFound",
    message:
      `The Resource '${id}' was not found. For more details please go to ` +
      "https://aka.ms/ARMResourceNotFoundFix",
  });
}
