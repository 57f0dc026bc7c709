import type { Callers } from "../../effects/callers.ts";
import { arrayOf, isObject, isString } from "../../kube/json.ts";
import type { KubeApi } from "../../kube/kube-api.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { Json } from "../../lib/kube-object.ts";
import { hubCaller } from "./hub-caller.ts";

/**
 * Answers TokenReviews: a token is good when the hub itself takes it, and then stands for whom the
 * hub sees behind it. Who asks about audiences of its own is told only those that the token is for.
 * Throws "Unavailable" when the issuer's keys cannot be read.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/
 */
export function reviewToken(callers: Callers): NonNullable<KubeApi["reviewToken"]> {
  return async (token, audiences) => {
    try {
      const user = hubCaller(await callers.identify(`Bearer ${token}`));
      if (audiences.length === 0) return { user, audiences: [] };
      const own = audiencesOf(token);
      const shared = audiences.filter((each) => own.includes(each));
      return shared.length > 0
        ? { user, audiences: shared }
        : { error: "Cannot take the token: it is for none of the audiences that were named" };
    } catch (error) {
      if (error instanceof FleetError && error.code === "Unauthenticated") {
        return { error: error.message };
      }
      throw error;
    }
  };
}

/** The claim "aud" of a token that was verified before. */
function audiencesOf(token: string): readonly string[] {
  const { aud } = claimsOf(token);
  return isString(aud) ? [aud] : arrayOf(aud).filter(isString);
}

function claimsOf(token: string): { readonly aud?: Json } {
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    const claims = JSON.parse(text) as Json;
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
