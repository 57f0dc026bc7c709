import { load } from "js-yaml";
import { z } from "zod";
import { FleetError } from "../../lib/fleet-error.ts";

/** How a member's API server is reached and trusted, and who we are to it. */
export interface ClusterAccess {
  readonly server: URL;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** The name on the server's certificate, when it is not the URL's. */
  readonly serverName?: string;
  /** A client certificate and its key, as PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** A token of the kubeconfig's own, or an Entra token for the API server's application. */
  readonly token?:
    | { readonly kind: "given"; readonly value: string }
    | { readonly kind: "entra"; readonly serverId: string };
}

/** AKS's kubeconfigs have some 10 KB. */
const kubeconfigBytesMax = 256 * 1024;

const named = <Shape extends z.ZodType>(name: string, shape: Shape) =>
  z.object({ name: z.string(), [name]: shape }) as unknown as z.ZodType<
    { readonly name: string } & Record<string, z.infer<Shape>>
  >;

const clusterShape = z.object({
  server: z.url({ protocol: /^https$/ }),
  "certificate-authority-data": z.base64(),
  "tls-server-name": z.string().optional(),
});

const userShape = z.object({
  token: z.string().optional(),
  "client-certificate-data": z.base64().optional(),
  "client-key-data": z.base64().optional(),
  exec: z.object({ args: z.array(z.string()).default([]) }).optional(),
  "auth-provider": z
    .object({ name: z.literal("azure"), config: z.object({ "apiserver-id": z.string() }) })
    .optional(),
});

const contextShape = z.object({ cluster: z.string(), user: z.string() });

const kubeconfigShape = z.object({
  "current-context": z.string(),
  clusters: z.array(named("cluster", clusterShape)).max(100),
  users: z.array(named("user", userShape)).max(100),
  contexts: z.array(named("context", contextShape)).max(100),
});

/**
 * Reads the current context of a kubeconfig as AKS gives it: a client certificate, a token, or the
 * "exec" and "azure" forms, which name the application that an Entra token must be for.
 *
 * Nothing that a kubeconfig names is run or read from a disk, and a server without a certificate to
 * check is refused. Throws `FleetError` "Invalid".
 */
export function parseKubeconfig(text: string): ClusterAccess {
  const config = parse(text);
  const context = pick(config.contexts, "context", config["current-context"]);
  const cluster = pick(config.clusters, "cluster", context.cluster);
  const serverName = cluster["tls-server-name"];
  return {
    server: new URL(cluster.server),
    ca: decoded(cluster["certificate-authority-data"]),
    ...(serverName !== undefined && { serverName }),
    ...identityOf(pick(config.users, "user", context.user)),
  };
}

function parse(text: string): z.infer<typeof kubeconfigShape> {
  if (Buffer.byteLength(text) > kubeconfigBytesMax) {
    throw invalid(`must be at most ${kubeconfigBytesMax} bytes`);
  }
  try {
    return kubeconfigShape.parse(load(text));
  } catch (error) {
    throw invalid(error instanceof z.ZodError ? z.prettifyError(error) : "must be YAML", error);
  }
}

function pick<Shape>(
  all: readonly ({ readonly name: string } & Record<string, Shape>)[],
  field: string,
  name: string,
): Exclude<Shape, string> {
  const found = all.find((each) => each.name === name)?.[field];
  if (found === undefined) throw invalid(`${field} "${name}" must be there`);
  return found as Exclude<Shape, string>;
}

function identityOf(user: z.infer<typeof userShape>): Pick<ClusterAccess, "certificate" | "token"> {
  const { token, exec } = user;
  const cert = user["client-certificate-data"];
  const key = user["client-key-data"];
  const serverId = exec === undefined ? apiServerOf(user) : argument(exec.args, "--server-id");
  return {
    ...(cert !== undefined &&
      key !== undefined && { certificate: { cert: decoded(cert), key: decoded(key) } }),
    ...(token !== undefined && { token: { kind: "given", value: token } }),
    ...(serverId !== undefined && { token: { kind: "entra", serverId } }),
  };
}

const apiServerOf = (user: z.infer<typeof userShape>): string | undefined =>
  user["auth-provider"]?.config["apiserver-id"];

/** `["get-token", "--server-id", "6dae…"]` */
function argument(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

const decoded = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

function invalid(rule: string, cause?: unknown): FleetError {
  return new FleetError("Invalid", `Cannot use the cluster's kubeconfig: ${rule}`, { cause });
}
