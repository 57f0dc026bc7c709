import { randomUUID } from "node:crypto";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { withDefinitions } from "../../../shared/kube/definitions/definition-kind.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { kubeFixture } from "../kube-fixture.ts";
import type { ParityServer } from "./run-case.ts";
import { widgetDefinition } from "./widget-definition.ts";

/** Our API over memory, with the corpus's custom resource and nothing else. */
export async function ourServer(): Promise<ParityServer & { readonly api: KubeApi }> {
  const kinds = withDefinitions(kindsOf(builtInKinds()), [widgetDefinition]);
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
