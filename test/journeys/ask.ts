/** Requests as anybody may send them, past the clients that would set them right first. */
import type { Laptop } from "./laptop.ts";

/** What a request carries besides its line. */
export interface Sent {
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  /** The media type of the body; JSON when left out. */
  readonly type?: string;
  /** In place of an administrator's; null sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  readonly body: unknown;
}

/** `ask("PUT updateRuns/run-1", { body })`: the path is relative to a base, or a whole URL. */
export type Ask = (line: string, sent?: Sent) => Promise<Answer>;

export function asker(base: string, token: string): Ask {
  return async (line, { body, type = "application/json", token: other, headers } = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const bearer = other === undefined ? token : other;
    const response = await fetch(new URL(path, `${base}/`), {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": type }),
        ...headers,
      },
      ...(body !== undefined && { body: bytesOf(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
  };
}

const bytesOf = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The ARM id of the laptop's fleet. */
export const fleetIdOf = ({ endpoints }: Laptop): string =>
  `/subscriptions/${endpoints.subscriptionId}/resourceGroups/${endpoints.resourceGroup}` +
  `/providers/Microsoft.ContainerService/fleets/${endpoints.fleetName}`;

/**
 * A token of the laptop's person, an administrator, with these claims in place of the usual; one
 * that is undefined is left out.
 */
export async function tokenOf(
  { cloud }: Laptop,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { apiClientId, person } = cloud.identities;
  return await cloud.issuer.mint({
    aud: apiClientId,
    oid: person.objectId,
    preferred_username: person.name,
    roles: ["Hubless.Admin"],
    ...claims,
  });
}
