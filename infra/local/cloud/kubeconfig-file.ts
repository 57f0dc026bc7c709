import { readFile, rename, writeFile } from "node:fs/promises";
import { dump } from "js-yaml";
import type { Endpoints } from "../endpoints.ts";

export interface KubeconfigContext {
  /** Of the context, the cluster and the user. */
  readonly name: string;
  readonly server: string;
  readonly login:
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "kubelogin"; readonly serverId: string };
}

/** A kubeconfig with a context for each; the first one is current. */
export async function kubeconfigText(
  caFile: string,
  contexts: readonly KubeconfigContext[],
): Promise<string> {
  const ca = (await readFile(caFile)).toString("base64");
  return dump({
    apiVersion: "v1",
    kind: "Config",
    clusters: contexts.map(({ name, server }) => ({
      name,
      cluster: { server, "certificate-authority-data": ca },
    })),
    users: contexts.map(({ name, login }) => ({ name, user: userOf(login) })),
    contexts: contexts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": contexts[0]?.name ?? "",
  });
}

/** Writes the kubeconfig that people and tools use; readers see the old one or the new one. */
export async function writeKubeconfig(
  { kubeconfig, caFile }: Endpoints,
  contexts: readonly KubeconfigContext[],
): Promise<void> {
  await writeFile(`${kubeconfig}.new`, await kubeconfigText(caFile, contexts), { mode: 0o600 });
  await rename(`${kubeconfig}.new`, kubeconfig);
}

function userOf(login: KubeconfigContext["login"]): object {
  if (login.kind === "token") return { token: login.token };
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "kubelogin",
      args: ["get-token", "--server-id", login.serverId],
      interactiveMode: "IfAvailable",
      provideClusterInfo: false,
    },
  };
}
