import type { Caller } from "../../effects/callers.ts";
import type { KubeCaller } from "../../kube/kube-api.ts";
import { appRoleGroup } from "./fleet-roles.ts";

/** Names that Kubernetes and we give a meaning: no token may claim them. */
const reserved = /^(system|approle|hubless):/i;

/**
 * A caller as Kubernetes sees it, and `kubectl auth whoami` shows it. Its groups are those of its
 * token (Entra's object ids), one for each app role, and "system:authenticated". Bindings can name
 * a user by its name or by its object id, which never changes hands. A name that means something to
 * Kubernetes, such as "system:serviceaccount:…", is no name of a person: the object id stands for
 * it.
 */
export function hubCaller({ name, objectId, groups, roles }: Caller): KubeCaller {
  return {
    name: reserved.test(name) ? objectId : name,
    uid: objectId,
    aliases: [objectId],
    groups: [
      ...groups.filter((group) => !reserved.test(group)),
      ...roles.map(appRoleGroup),
      "system:authenticated",
    ],
  };
}
