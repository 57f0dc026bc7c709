import { app } from "@azure/functions";
import { serveAdmin } from "../shared/admin/serve.ts";
import { answer } from "../shared/azure/wire/http.ts";
import { effects, face } from "../shared/compose.ts";

/**
 * The ARM face of a fleet. The host tries routes in the alphabetical order of function names: this
 * one takes what "serve-hub" leaves, so its name comes later.
 */
app.http("serve-resource-manager", {
  route: "{*path}",
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"],
  authLevel: "anonymous",
  handler: answer(async (request) => await serveAdmin(request, effects(), face()), {
    identify: async (authorization) => await effects().callers.identify(authorization),
  }),
});
