import type { Caller } from "../../../shared/effects/callers.ts";
import { hubAuthorizer } from "../../../shared/hub/access/hub-authorizer.ts";
import { hubCaller } from "../../../shared/hub/access/hub-caller.ts";
import { storeThatTells } from "../../../shared/hub/access/store-that-tells.ts";
import { hubKinds } from "../../../shared/hub/kinds.ts";
import { statusResponse } from "../../../shared/kube/http/respond.ts";
import type { KubeApi, KubeCaller } from "../../../shared/kube/kube-api.ts";
import { impersonated } from "../../../shared/kube/rbac/impersonate.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { type Answer, type Ask, kubeFixture, requestOf } from "../../kube/kube-fixture.ts";

/** A person, as a token says: `person("ann", "Hubless.Reader")`. */
export function person(name: string, ...roles: readonly string[]): Caller {
  const objectId = `${name}-0000-4000-8000-000000000000`;
  return { objectId, name: `${name}@contoso.com`, groups: [`${name}s`], roles, kind: "user" };
}

/** What a manifest of a role's binding says, for `kubectl apply` or a POST. */
export function bindingTo(role: string, ...subjects: readonly Json[]): JsonObject {
  const [kind = "", name = ""] = role.split("/");
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    metadata: { name: name.replace(":", "-") },
    roleRef: { apiGroup, kind, name },
    subjects,
  };
}

export const rbac = "/apis/rbac.authorization.k8s.io/v1";

export interface Hub {
  readonly api: KubeApi;
  /** Asks as the caller, as the hub does: who is it, whom does it act as, may it? */
  readonly ask: (
    caller: Caller,
    method: string,
    path: string,
    body?: Json,
    how?: Ask,
  ) => Promise<Answer>;
  readonly send: (caller: Caller, request: Request) => Promise<Response>;
}

/** A hub over memory with the namespaces "default" and "shop". */
export async function hubOverMemory(overrides: Partial<KubeApi> = {}): Promise<Hub> {
  const open = await kubeFixture({ kinds: hubKinds, ...overrides });
  const api: KubeApi = { ...open.api, store: storeThatTells(open.api.store) };
  const as = (caller: KubeCaller) => ({
    caller,
    ...hubAuthorizer({ caller, store: api.store, fleet: api.fleet }),
  });
  const send: Hub["send"] = async (from, request) => {
    try {
      const own = as(hubCaller(from));
      const acting = await impersonated(request.headers, own.caller, own.authorize);
      return await serveKube(request, { ...api, ...(acting === undefined ? own : as(acting)) });
    } catch (error) {
      return statusResponse(error);
    }
  };
  const ask: Hub["ask"] = async (caller, method, path, body, how) => {
    const response = await send(caller, requestOf(method, path, body, how));
    const text = await response.text();
    const json = text.startsWith("{") ? (JSON.parse(text) as JsonObject) : { text };
    return { status: response.status, body: json, headers: response.headers };
  };
  return { api, ask, send };
}
