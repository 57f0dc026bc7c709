import type { Caller } from "../effects/callers.ts";
import type { Access, AccessAttributes, AccessRule } from "../kube/kube-api.ts";
import { mayAdminister, mayRead, mayWrite } from "../lib/roles.ts";

const readVerbs: ReadonlySet<string> = new Set(["get", "list", "watch", "head"]);

/** What a caller's app role lets it do on the hub, like the RBAC roles of Azure's fleets. */
export function accessOf(caller: Caller, attributes: AccessAttributes): Access {
  if (mayAdminister(caller)) return { allowed: true };
  if (attributes.kind === "path") {
    return allowedIf(mayRead(caller), "Hubless.Reader");
  }
  if (isPrivileged(attributes)) return { allowed: false, reason: needs("Hubless.Admin") };
  return readVerbs.has(attributes.verb)
    ? allowedIf(mayRead(caller), "Hubless.Reader")
    : allowedIf(mayWrite(caller), "Hubless.Writer");
}

/** The same, as rules that `kubectl auth can-i --list` shows. */
export function rulesOf(caller: Caller): readonly AccessRule[] {
  const all = { apiGroups: ["*"], resources: ["*"] };
  if (mayAdminister(caller)) return [{ verbs: ["*"], ...all }];
  if (mayWrite(caller)) return [{ verbs: [...readVerbs, ...writeVerbs], ...all }];
  return mayRead(caller) ? [{ verbs: [...readVerbs], ...all }] : [];
}

const writeVerbs = ["create", "update", "patch", "delete", "deletecollection"];

/** Secrets are for administrators, and so is the question of who may do what. */
function isPrivileged({ group, resource }: AccessAttributes & { kind: "resource" }): boolean {
  return (group === "" && resource === "secrets") || group === "rbac.authorization.k8s.io";
}

const allowedIf = (allowed: boolean, role: string): Access =>
  allowed ? { allowed } : { allowed, reason: needs(role) };

const needs = (role: string): string => `you need the app role "${role}"`;
