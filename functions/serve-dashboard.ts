import { app } from "@azure/functions";
import { answer } from "../shared/azure/wire/http.ts";
import { effects } from "../shared/compose.ts";
import { serveDashboard } from "../shared/dashboard/serve.ts";

/** A page for people. */
app.http("serve-dashboard", {
  route: "dashboard/{*path}",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: answer(async (request) => await serveDashboard(request, effects())),
});
