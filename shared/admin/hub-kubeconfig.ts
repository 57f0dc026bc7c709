/** How a person gets a token for the hub. */
export type HubLogin =
  | {
      /** https://azure.github.io/kubelogin: a person's own sign-in, nothing secret in the file. */
      readonly kind: "kubelogin";
      /** The application id that tokens are for. */
      readonly serverId: string;
      readonly tenantId: string;
      /** kubelogin's way to sign in; "azurecli" when left out. */
      readonly method?: string;
    }
  | { readonly kind: "token"; readonly token: string };

export interface HubKubeconfig {
  /** Names the cluster, the user and the context: "fleet-1". */
  readonly name: string;
  /** "https://HOST/subscriptions/…/fleets/fleet-1/hub" */
  readonly server: string;
  /** PEM, where the hub's certificate is not one that everybody trusts. */
  readonly certificateAuthority?: string;
  readonly login: HubLogin;
}

/** A kubeconfig as YAML: what `listCredentials` gives, and `kubectl --kubeconfig` takes. */
export function hubKubeconfig(config: HubKubeconfig): string {
  const { name, server, certificateAuthority, login } = config;
  const authority =
    certificateAuthority === undefined
      ? []
      : [`    certificate-authority-data: ${base64(certificateAuthority)}`];
  return [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- name: ${quoted(name)}`,
    "  cluster:",
    `    server: ${quoted(server)}`,
    ...authority,
    "users:",
    `- name: ${quoted(name)}`,
    "  user:",
    ...userLines(login),
    "contexts:",
    `- name: ${quoted(name)}`,
    "  context:",
    `    cluster: ${quoted(name)}`,
    `    user: ${quoted(name)}`,
    `current-context: ${quoted(name)}`,
    "",
  ].join("\n");
}

function userLines(login: HubLogin): string[] {
  if (login.kind === "token") return [`    token: ${quoted(login.token)}`];
  const { serverId, tenantId, method = "azurecli" } = login;
  const words = ["get-token", "--login", method, "--server-id", serverId, "--tenant-id", tenantId];
  return [
    "    exec:",
    "      apiVersion: client.authentication.k8s.io/v1beta1",
    "      command: kubelogin",
    "      args:",
    ...words.map((word) => `      - ${quoted(word)}`),
    "      interactiveMode: IfAvailable",
    "      provideClusterInfo: false",
  ];
}

/** A JSON string is a YAML string. */
const quoted = (text: string) => JSON.stringify(text);
const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
