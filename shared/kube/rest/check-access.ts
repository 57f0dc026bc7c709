import type { Access, AccessAttributes, KubeApi } from "../kube-api.ts";
import { forbidden, type StatusError } from "../status-error.ts";

/** Whether the caller of the API may do something. */
export async function accessTo(
  attributes: AccessAttributes,
  api: Pick<KubeApi, "authorize">,
): Promise<Access> {
  return (await api.authorize?.(attributes)) ?? { allowed: true };
}

/** Throws 403 with Kubernetes' sentence unless the caller of the API may do it. */
export async function checkAccess(
  attributes: AccessAttributes,
  api: Pick<KubeApi, "authorize" | "caller">,
): Promise<void> {
  const access = await accessTo(attributes, api);
  if (access.allowed) return;
  throw accessDenied(attributes, api.caller?.name ?? anonymous, access.reason);
}

/** Checks a request that names no resource: discovery, OpenAPI, the version, health. */
export async function checkPathAccess(
  { method }: Pick<Request, "method">,
  path: string,
  api: Pick<KubeApi, "authorize" | "caller">,
): Promise<void> {
  const asked = path === "" ? "/" : path;
  await checkAccess({ kind: "path", verb: method.toLowerCase(), path: asked }, api);
}

export const anonymous = "system:anonymous";

/**
 * `deployments.apps "web" is forbidden: User "ann" cannot get resource "deployments" in API group
 * "apps" in the namespace "shop"`, and the reason when there is one.
 */
export function accessDenied(
  attributes: AccessAttributes,
  user: string,
  reason: string,
): StatusError {
  const who = `User ${JSON.stringify(user)} cannot ${attributes.verb}`;
  const because = reason === "" ? "" : `: ${reason}`;
  if (attributes.kind === "path") {
    const path = JSON.stringify(attributes.path);
    return forbidden(`forbidden: ${escaped(`${who} path ${path}`)}${because}`, {});
  }
  const { group, resource, subresource, namespace, name = "" } = attributes;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where =
    namespace === undefined
      ? "at the cluster scope"
      : `in the namespace ${JSON.stringify(namespace)}`;
  const named = group === "" ? resource : `${resource}.${group}`;
  const subject = name === "" ? named : `${named} ${JSON.stringify(name)}`;
  const [quoted, ofGroup] = [JSON.stringify(what), JSON.stringify(group)];
  const sentence = escaped(`${who} resource ${quoted} in API group ${ofGroup} ${where}`);
  return forbidden(`${subject} is forbidden: ${sentence}${because}`, {
    ...(name !== "" && { name }),
    ...(group !== "" && { group }),
    kind: resource,
  });
}

/** What a client sends must not look like markup where somebody shows it. */
function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
