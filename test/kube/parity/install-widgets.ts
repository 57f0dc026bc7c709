import { setTimeout as sleep } from "node:timers/promises";
import type { ParityServer, RawRequest } from "./run-case.ts";
import { widgetDefinition } from "./widget-definition.ts";

const attemptsMax = 150;

/** Defines the corpus's custom resource, and waits until it is served and can be applied to. */
export async function installWidgets(server: ParityServer): Promise<void> {
  const defined = await server.ask({
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(widgetDefinition),
  });
  if (defined.status >= 300) throw new Error(`Cannot define widgets: ${defined.text}`);
  const list: RawRequest = {
    method: "GET",
    path: "/apis/parity.example.com/v1/widgets",
    headers: {},
  };
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const answer = await server.ask(list);
    if (answer.status === 200) return;
    await sleep(200);
  }
  throw new Error("Cannot define widgets: they must be served after half a minute");
}
