import type { JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, at, objectOf, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, whole } from "../rule.ts";
import { containersOf } from "./containers-of.ts";

/**
 * What a pod may not be, given which namespaces it shares with its host: its ports, its processes,
 * the kernel parameters, its users. A rule for the whole spec of a pod.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 */
export const hostNamespacesRule: Rule = whole((spec, path) => [
  ...unmaskedErrors(spec, path),
  ...hostPortErrors(spec, path),
  ...sharedProcessErrors(spec, path),
  ...hostSysctlErrors(spec, path),
  ...ownUsersErrors(spec, path),
]);

/** All of /proc is shown only to whom it cannot help. */
function unmaskedErrors(spec: JsonObject, path: string): readonly FieldError[] {
  if (spec["hostUsers"] === false) return [];
  return errorsOfItems(containersOf(spec, path), ({ container, where }) => {
    const procMount = at(container, "securityContext", "procMount");
    const because = "`hostUsers` must be false to use `Unmasked`";
    return procMount === "Unmasked"
      ? [invalidValue(`${where}.securityContext.procMount`, procMount, because)]
      : [];
  });
}

/** In the network of its host a container has the port that it says; an absent one is the same. */
function hostPortErrors(spec: JsonObject, path: string): readonly FieldError[] {
  if (spec["hostNetwork"] !== true) return [];
  return errorsOfItems(arrayOf(spec["containers"]), (container, index) =>
    errorsOfItems(arrayOf(at(container, "ports")), (port, number) => {
      const { containerPort, hostPort } = objectOf(port);
      if (typeof containerPort !== "number" || typeof hostPort !== "number") return [];
      if (hostPort === 0 || hostPort === containerPort) return [];
      const where = `${path}.containers[${index}].ports[${number}].containerPort`;
      const because = "must match `hostPort` when `hostNetwork` is true";
      return [invalidValue(where, containerPort, because)];
    }),
  );
}

/** A kube-apiserver keeps what is shared in the security context, and names it so. */
function sharedProcessErrors(spec: JsonObject, path: string): readonly FieldError[] {
  if (spec["shareProcessNamespace"] !== true || spec["hostPID"] !== true) return [];
  const because = "ShareProcessNamespace and HostPID cannot both be enabled";
  return [invalidValue(`${path}.securityContext.shareProcessNamespace`, true, because)];
}

const messageSysctls = [
  ...["kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"],
  ...["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni"],
];

function hostSysctlErrors(spec: JsonObject, path: string): readonly FieldError[] {
  return errorsOfItems(arrayOf(at(spec, "securityContext", "sysctls")), (sysctl, index) => {
    const name = textOf(at(sysctl, "name")) ?? "";
    const host = hostOf(dotted(name));
    if (host === undefined || spec[host] !== true) return [];
    const where = `${path}.securityContext.sysctls[${index}].name`;
    return [invalidValue(where, name, `may not be specified when '${host}' is true`)];
  });
}

/** What of its host a pod must not share to have the parameter for itself. */
function hostOf(name: string): "hostNetwork" | "hostIPC" | undefined {
  if (name.startsWith("net.")) return "hostNetwork";
  const isMessages = messageSysctls.includes(name) || name.startsWith("fs.mqueue.");
  return isMessages ? "hostIPC" : undefined;
}

/** "net/ipv4/conf/eth0.100" is "net.ipv4.conf.eth0/100": the first mark tells which way it is. */
function dotted(name: string): string {
  if (/[./]/.exec(name)?.[0] !== "/") return name;
  return [...name].map((each) => (each === "/" ? "." : each === "." ? "/" : each)).join("");
}

/** Whose users are its own cannot see the processes and messages of the host's. */
function ownUsersErrors(spec: JsonObject, path: string): readonly FieldError[] {
  if (spec["hostUsers"] !== false) return [];
  return ["hostPID", "hostIPC"]
    .filter((name) => spec[name] === true)
    .map((name) => {
      const field = name === "hostPID" ? "HostPID" : "HostIPC";
      return forbiddenField(`${path}.${field}`, "when `pod.Spec.HostUsers` is false");
    });
}
