import { randomUUID } from "node:crypto";
import type { LocalAnswer } from "../tls/https-server.ts";

/**
 * A refusal as Entra ID words it.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class EntraError extends Error {
  override readonly name = "EntraError";
  readonly status: number;
  /** The OAuth 2.0 code, such as `invalid_client`. */
  readonly error: string;
  /** The number behind `AADSTS`. */
  readonly code: number;

  constructor(status: number, error: string, details: { code: number; message: string }) {
    super(details.message);
    this.status = status;
    this.error = error;
    this.code = details.code;
  }
}

export function answerOf(error: EntraError): LocalAnswer {
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = new Date().toISOString().replace("T", " ").replace(/\.\d+/, "");
  return {
    status: error.status,
    body: JSON.stringify({
      error: error.error,
      error_description:
        `AADSTS${error.code}: ${error.message} Trace ID: ${trace} ` +
        `Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [error.code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    }),
  };
}
