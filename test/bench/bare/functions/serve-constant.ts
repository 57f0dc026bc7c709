import { app } from "@azure/functions";

/** The least that a function can do: what the host and the library take of each answer. */
const answer = JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Success" });

app.http("serve-constant", {
  route: "constant",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: () => ({ body: answer, headers: { "content-type": "application/json" } }),
});
