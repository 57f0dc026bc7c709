import { randomUUID } from "node:crypto";

/** By this a client finds its request in the logs of who served it. */
const auditHeader = "audit-id";

/** A client's own is cut after so many characters: it goes into the log. */
const auditIdCharactersMax = 256;

/**
 * The id of a request: what the client says in `Audit-ID`, or a new UUID.
 *
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
export function auditIdOf({ headers }: Pick<Request, "headers">): string {
  const given = headers.get(auditHeader) ?? "";
  return given === "" ? randomUUID() : given.slice(0, auditIdCharactersMax);
}

/** Tells the client the id, unless the answer does already. */
export function withAuditId(response: Response, auditId: string): Response {
  if (!response.headers.has(auditHeader)) response.headers.set(auditHeader, auditId);
  return response;
}
