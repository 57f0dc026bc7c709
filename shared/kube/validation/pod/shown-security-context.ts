import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { isObject } from "../../json.ts";

/** What a field is called in Go, and what it has there when it is absent. */
type ShownFields = Readonly<Record<string, { readonly name: string; readonly zero: Json }>>;

function pointers(fields: Readonly<Record<string, string>>): ShownFields {
  return Object.fromEntries(
    Object.entries(fields).map(([field, name]) => [field, { name, zero: null }]),
  );
}

function texts(fields: Readonly<Record<string, string>>): ShownFields {
  return Object.fromEntries(
    Object.entries(fields).map(([field, name]) => [field, { name, zero: "" }]),
  );
}

const profile = {
  ...texts({ type: "Type" }),
  ...pointers({ localhostProfile: "LocalhostProfile" }),
};

const parts: Readonly<Record<string, ShownFields>> = {
  capabilities: pointers({ add: "Add", drop: "Drop" }),
  seLinuxOptions: texts({ user: "User", role: "Role", type: "Type", level: "Level" }),
  windowsOptions: pointers({
    gmsaCredentialSpecName: "GMSACredentialSpecName",
    gmsaCredentialSpec: "GMSACredentialSpec",
    runAsUserName: "RunAsUserName",
    hostProcess: "HostProcess",
  }),
  seccompProfile: profile,
  appArmorProfile: profile,
};

const contextFields = pointers({
  capabilities: "Capabilities",
  privileged: "Privileged",
  seLinuxOptions: "SELinuxOptions",
  windowsOptions: "WindowsOptions",
  runAsUser: "RunAsUser",
  runAsGroup: "RunAsGroup",
  runAsNonRoot: "RunAsNonRoot",
  readOnlyRootFilesystem: "ReadOnlyRootFilesystem",
  allowPrivilegeEscalation: "AllowPrivilegeEscalation",
  procMount: "ProcMount",
  seccompProfile: "SeccompProfile",
  appArmorProfile: "AppArmorProfile",
});

/** A container's security context as a kube-apiserver shows it: all fields, as Go names them. */
export function shownSecurityContext(context: JsonObject): JsonObject {
  return shown(context, contextFields);
}

function shown(value: JsonObject, fields: ShownFields): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([field, { name, zero }]): [string, Json] => {
      const found = value[field] ?? zero;
      const part = parts[field];
      return [name, part !== undefined && isObject(found) ? shown(found, part) : found];
    }),
  );
}
