import { expect, test } from "vitest";
import { reviewToken } from "../../../shared/hub/access/review-token.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { hubInMemory } from "../hub-in-memory.ts";
import { person } from "./hub-as.ts";

const tokenWith = (claims: unknown): string =>
  `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

/** Takes what begins with "h.", and whose issuer is there. */
const review = reviewToken({
  identify: async (authorization) => {
    if (authorization === "Bearer away") throw new FleetError("Unavailable", "away");
    if (authorization?.startsWith("Bearer h.") === true) return person("ann", "Hubless.Reader");
    throw new FleetError("Unauthenticated", "Cannot identify caller: the token is not valid");
  },
});

test("a token stands for whom the hub takes it for", async () => {
  const verdict = await review(tokenWith({ aud: "api://hub" }), []);
  expect(verdict).toMatchObject({
    user: {
      name: "ann@contoso.com",
      groups: ["anns", "approle:Hubless.Reader", "system:authenticated"],
    },
    audiences: [],
  });
});

test.each<[claims: unknown, audiences: readonly string[] | undefined]>([
  [{ aud: "api://hub" }, ["api://hub"]],
  [{ aud: ["api://hub", "x"] }, ["api://hub"]],
  [{ aud: "api://other" }, undefined],
  [{ aud: 1 }, undefined],
  [{}, undefined],
  [null, undefined],
  ["text", undefined],
])("a token of %j is good for %j of the audiences that are named", async (claims, audiences) => {
  const verdict = await review(tokenWith(claims), ["api://hub", "api://shop"]);
  if (audiences === undefined) expect(verdict).toHaveProperty("error");
  else expect(verdict).toHaveProperty("audiences", audiences);
});

test("claims that are no JSON are no audiences", async () => {
  expect(await review("h.!.s", ["a"])).toHaveProperty("error");
  expect(await review("h.", ["a"])).toHaveProperty("error");
});

test("a token that is not good says why, and an issuer that is away says nothing", async () => {
  const error = "Cannot identify caller: the token is not valid";
  expect(await review("bad", ["a"])).toEqual({ error });
  await expect(review("away", [])).rejects.toThrow("away");
});

const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

test("a hub reviews tokens for who administers it or is an auth delegator", async () => {
  const hub = await hubInMemory();
  const admin = await hub.ask("POST", reviews, { spec: { token: "t" } });
  expect(admin.status).toBe(201);
  expect(admin.body["status"]).toMatchObject({ authenticated: true });
  await hub.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: "delegates" },
    roleRef: {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "system:auth-delegator",
    },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "proxies" }],
  });
  hub.as({ objectId: "p-1", name: "proxy", roles: [], groups: ["proxies"] });
  expect((await hub.ask("POST", reviews, { spec: { token: "t" } })).status).toBe(201);
  hub.as({ objectId: "w-1", name: "writer", roles: ["Hubless.Writer"], groups: [] });
  expect((await hub.ask("POST", reviews, { spec: { token: "t" } })).status).toBe(403);
});
