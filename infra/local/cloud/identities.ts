/** Who is who on the laptop: the tenant, the product's own identity, and a person's client. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IssuerClient } from "../issuer/client.ts";

export interface Identities {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The app registration that callers' tokens are for. */
  readonly apiClientId: string;
  /** What the product runs as: its managed identity in Azure. */
  readonly product: IssuerClient;
  /** What a person's tools run as. */
  readonly person: IssuerClient;
}

/** The identities of a folder, made once: a restart keeps tokens and kubeconfigs valid. */
export async function identitiesIn(folder: string): Promise<Identities> {
  const file = join(folder, "identities.json");
  try {
    return JSON.parse(await readFile(file, "utf8")) as Identities;
  } catch {
    const made = newIdentities();
    await writeFile(file, JSON.stringify(made, undefined, 2), { mode: 0o600 });
    return made;
  }
}

function newIdentities(): Identities {
  return {
    tenantId: randomUUID(),
    subscriptionId: randomUUID(),
    apiClientId: randomUUID(),
    product: newClient("hubless", ["Hubless.Admin"]),
    person: newClient("you@laptop", ["Hubless.Admin"]),
  };
}

function newClient(name: string, roles: readonly string[]): IssuerClient {
  return {
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString("base64url"),
    objectId: randomUUID(),
    name,
    roles,
  };
}

/** The identity of a cluster's nodes, which its relay runs as; ARM names its object id. */
export function nodeIdentity(clusterId: string, objectId: string): IssuerClient {
  const clientSecret = createHash("sha256").update(`${objectId} ${clusterId}`).digest("base64url");
  return { clientId: objectId, clientSecret, objectId, name: clusterId };
}
