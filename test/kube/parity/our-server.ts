import { randomUUID } from "node:crypto";
import { simulatedSchemas } from "../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { withDefinitions } from "../../../shared/kube/definitions/definition-kind.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { withLearnt } from "../../../shared/kube/openapi/with-learnt.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { kubeFixture } from "../kube-fixture.ts";
import type { ParityServer } from "./run-case.ts";
import { widgetDefinition } from "./widget-definition.ts";

/** Our API over memory, which has learnt its kinds, with the corpus's custom resource. */
export async function ourServer(): Promise<ParityServer & { readonly api: KubeApi }> {
  const builtIn = withLearnt(kindsOf(builtInKinds()), simulatedSchemas());
  const kinds = withDefinitions(builtIn, [widgetDefinition]);
  const clock = systemClock;
  const store = memoryStore({ clock, ids: randomUUID });
  const { api } = await kubeFixture({
    kinds,
    store,
    clock,
    ids: randomUUID,
    collectsGarbage: true,
  });
  return {
    api,
    ask: async ({ method, path, headers, body }) => {
      const request = new Request(`https://hub${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      const response = await serveKube(request, api);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    },
    close: () => Promise.resolve(),
  };
}
