/**
 * Who has made a CertificateSigningRequest, and how its subresources change it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, omit } from "../json.ts";
import type { ChangeBelow, Creator } from "../kind-writes.ts";
import type { KubeObject } from "../served-kind.ts";
import { invalid } from "../status-error.ts";
import {
  noNewDecisions,
  withDecisionsOf,
} from "../validation/certificate/signing-request-conditions.ts";

/** The request says who asks, whatever its maker has made it say. */
export function requestOf(request: KubeObject, creator: Creator): KubeObject {
  const { name, uid, groups, extra = {} } = creator;
  const spec = omit(objectOf(request["spec"]), ["username", "uid", "groups", "extra"]);
  return {
    ...request,
    spec: {
      ...spec,
      username: name,
      ...(uid !== undefined && uid !== "" && { uid }),
      ...(groups.length > 0 && { groups: [...groups] }),
      ...(Object.keys(extra).length > 0 && {
        extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])),
      }),
    },
  };
}

/** `/approval` writes the conditions and nothing else. */
const approval: ChangeBelow = (wanted, live, now) => {
  const conditions = withTimes(arrayOf(at(wanted, "status", "conditions")), live, now);
  return withConditions(live, live["status"], conditions);
};

/** `/status` writes the status, but what `/approval` has decided. */
const status: ChangeBelow = (wanted, live, now) => {
  const next = withConditions(live, wanted["status"], arrayOf(at(wanted, "status", "conditions")));
  const errors = noNewDecisions(next, live);
  if (errors.length > 0) {
    const kind = { kind: "CertificateSigningRequest", group: "certificates.k8s.io" };
    throw invalid(kind, String(live.metadata["name"]), errors);
  }
  const conditions = withDecisionsOf(live, arrayOf(at(next, "status", "conditions")));
  return withConditions(live, next["status"], withTimes(conditions, live, now));
};

export const signingRequestChanges = { approval, status };

function withConditions(
  live: KubeObject,
  status: Json | undefined,
  conditions: readonly Json[],
): KubeObject {
  const rest = omit(objectOf(status), ["conditions"]);
  return { ...live, status: { ...rest, ...(conditions.length > 0 && { conditions }) } };
}

/** A condition without times has been updated now, and has turned when its status was another. */
function withTimes(conditions: readonly Json[], live: KubeObject, now: string): readonly Json[] {
  const before = arrayOf(at(live, "status", "conditions"));
  return conditions.map((each) => {
    if (!isObject(each)) return each;
    const { lastUpdateTime, lastTransitionTime, type, status: is } = each;
    const same = before.find((old) => at(old, "type") === type && at(old, "status") === is);
    return {
      ...each,
      lastUpdateTime: isSet(lastUpdateTime) ? lastUpdateTime : now,
      lastTransitionTime: isSet(lastTransitionTime)
        ? lastTransitionTime
        : (at(same, "lastTransitionTime") ?? now),
    };
  });
}

function isSet(time: Json | undefined): time is string {
  return isString(time) && time !== "";
}
