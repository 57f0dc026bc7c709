import { z } from "zod";

/**
 * The settings of the Functions app. Connections follow the conventions of the Functions host
 * (`NAME__accountEndpoint`, `NAME__queueServiceUri`, or a connection string as `NAME`).
 */
const settings = z.object({
  /** Where people and tools reach this app: "https://fleet.contoso.com". */
  PUBLIC_URL: z.url(),
  AZURE_TENANT_ID: z.string().min(1),
  AZURE_AUTHORITY_HOST: z.url().default("https://login.microsoftonline.com"),
  /** The application id that callers' tokens are for. */
  API_CLIENT_ID: z.string().min(1),
  COSMOS__accountEndpoint: z.url(),
  /** On a laptop only: Azure's account takes Entra tokens alone. */
  COSMOS__accountKey: z.string().optional(),
  COSMOS_DATABASE: z.string().default("hubless"),
  QUEUES: z.string().optional(),
  QUEUES__queueServiceUri: z.url().optional(),
  EVENT_GRID_TOPIC_ENDPOINT: z.url(),
  /** On a laptop only. */
  EVENT_GRID_TOPIC_KEY: z.string().optional(),
  ARM_ENDPOINT: z.url().default("https://management.azure.com"),
  ARM_SCOPE: z.string().default("https://management.azure.com/.default"),
  /** Set on a laptop: a file with the certificate authority that the hub's kubeconfig names. */
  HUB_CA_FILE: z.string().optional(),
  /** The key that Secrets are sealed under: "https://v.vault.azure.net/keys/hubless". */
  KEY_VAULT_KEY_URL: z.url({ protocol: /^https$/ }).optional(),
  /** In its place on a laptop: a file of keys, for its owner only. */
  SECRETS_KEY_FILE: z.string().min(1).optional(),
});

const checked = settings.refine(
  ({ KEY_VAULT_KEY_URL: vault, SECRETS_KEY_FILE: file }) =>
    (vault === undefined) !== (file === undefined),
  { path: ["KEY_VAULT_KEY_URL"], message: "exactly one of it and SECRETS_KEY_FILE must be set" },
);

export type Config = z.infer<typeof settings>;

/** Throws with every setting that is missing or wrong, by name, and never with its value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = checked.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`Cannot start: settings are missing or wrong: ${wrong.join("; ")}`);
}
