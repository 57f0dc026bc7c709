import { app } from "@azure/functions";
import { answer } from "../shared/azure/wire/http.ts";
import { effects } from "../shared/compose.ts";
import { serveHub } from "../shared/hub/serve.ts";
import { bodiesTooMany, bodyTooSlow } from "../shared/kube/flow/body-refusals.ts";

// A watch is a response that goes on: without this, the host would wait for its end.
app.setup({ enableHttpStream: true });

/** The Kubernetes face of a fleet: what `kubectl` talks to. */
app.http("serve-hub", {
  route:
    "subscriptions/{subscription}/resourceGroups/{group}/providers/" +
    "Microsoft.ContainerService/fleets/{fleet}/hub/{*path}",
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"],
  authLevel: "anonymous",
  handler: answer(async (request) => await serveHub(request, effects()), {
    identify: async (authorization) => await effects().callers.identify(authorization),
    tooSlow: bodyTooSlow,
    tooMany: bodiesTooMany,
  }),
});
