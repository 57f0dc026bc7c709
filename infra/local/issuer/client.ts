import { createHash, timingSafeEqual } from "node:crypto";
import { EntraError } from "./entra-error.ts";

/** An application that may ask for tokens, with what its tokens say about it. */
export interface IssuerClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The id of its service principal: `oid` and `sub` of its tokens. */
  readonly objectId: string;
  readonly name: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
}

/** How a client names itself: in the form, or as HTTP basic authentication. */
export interface ClientProof {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Both places that RFC 6749 section 2.3.1 allows; basic comes first, form encoded inside. */
export function clientProof(form: URLSearchParams, authorization: string | undefined): ClientProof {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  if (encoded !== undefined) {
    const text = Buffer.from(encoded, "base64").toString("utf8");
    const [id = "", ...secret] = text.split(":");
    return { clientId: formDecoded(id), clientSecret: formDecoded(secret.join(":")) };
  }
  return {
    clientId: required(form, "client_id"),
    clientSecret: form.get("client_secret") ?? "",
  };
}

/** Entra's parameter error, which names what is missing. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== "") return value;
  throw new EntraError(400, "invalid_request", {
    code: 900144,
    message: `The request body must contain the following parameter: '${name}'.`,
  });
}

/** The client whose secret fits; `AADSTS700016` for an unknown one, `AADSTS7000215` otherwise. */
export function authenticated(
  clients: ReadonlyMap<string, IssuerClient>,
  proof: ClientProof,
): IssuerClient {
  const client = clients.get(proof.clientId.toLowerCase());
  if (client === undefined) {
    throw new EntraError(400, "unauthorized_client", {
      code: 700016,
      message: `Application with identifier '${proof.clientId}' was not found in the directory.`,
    });
  }
  if (proof.clientSecret === "") {
    throw new EntraError(401, "invalid_client", {
      code: 7000216,
      message: "'client_assertion', 'client_secret' or 'request' is required.",
    });
  }
  if (!sameSecret(client.clientSecret, proof.clientSecret)) {
    throw new EntraError(401, "invalid_client", {
      code: 7000215,
      message: `Invalid client secret provided for app '${proof.clientId}'.`,
    });
  }
  return client;
}

/** Hashed first, so that neither the length nor a first difference shows in the time it takes. */
function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
