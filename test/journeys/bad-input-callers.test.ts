/** Who has no good token, or no role, at each face. */
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asker, tokenOf } from "./ask.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { adminFace, armLine, type Face, hubFace, messageOf, statusLine } from "./refusals.ts";

let laptop: Laptop;
let hub: Face;
let admin: Face;
let good: string;
beforeAll(async () => {
  laptop = await startLaptop();
  [hub, admin] = [await hubFace(laptop), await adminFace(laptop)];
  good = await tokenOf(laptop);
  const made = await hub.ask("POST api/v1/namespaces", { body: { metadata: { name: "shop" } } });
  expect(made.status).toBe(201);
}, 60_000);
afterAll(endLaptops);

const seconds = () => Math.floor(Date.now() / 1000);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The good token's words, signed by somebody else under the issuer's name. */
async function forged(algorithm: "RS256" | "ES256"): Promise<string> {
  const { privateKey } = await generateKeyPair(algorithm);
  const { kid = "" } = decodeProtectedHeader(good);
  return await new SignJWT(decodeJwt(good))
    .setProtectedHeader({ alg: algorithm, typ: "JWT", kid })
    .sign(privateKey);
}

/** The good token with its key's public half as the secret of another algorithm. */
async function confused(): Promise<string> {
  const { keys } = (await (await fetch(laptop.cloud.issuer.jwksUri)).json()) as { keys: object[] };
  return await new SignJWT(decodeJwt(good))
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(Buffer.from(JSON.stringify(keys[0]), "utf8"));
}

function tampered(): string {
  const [header, , signature] = good.split(".");
  return [header, base64({ ...decodeJwt(good), oid: "somebody-else" }), signature].join(".");
}

const unsigned = () => `${base64({ alg: "none", typ: "JWT" })}.${good.split(".")[1]}.`;

const tokens: [name: string, make: () => string | Promise<string> | null][] = [
  ["no token", () => null],
  ["an empty token", () => ""],
  ["what is no token", () => "nonsense"],
  ["a token without a signature", unsigned],
  ["a token with changed claims", tampered],
  ["a token that another key signed", async () => await forged("RS256")],
  ["a token of another algorithm", async () => await forged("ES256")],
  ["a token that the public key signed", confused],
  ["an expired token", async () => await tokenOf(laptop, { exp: seconds() - 3_600 })],
  ["a token for tomorrow", async () => await tokenOf(laptop, { nbf: seconds() + 86_400 })],
  ["a token that never expires", async () => await tokenOf(laptop, { exp: undefined })],
  [
    "a token for another API",
    async () => await tokenOf(laptop, { aud: "https://vault.azure.net" }),
  ],
  [
    "a token of another tenant",
    async () => await tokenOf(laptop, { iss: "https://sts.windows.net/x/" }),
  ],
  ["a token of nobody", async () => await tokenOf(laptop, { oid: undefined })],
  ["a token as long as a novel", () => "x".repeat(13_000)],
];

const placements = "apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
const spec = { resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name: "shop" }] };
const placement = { metadata: { name: "web" }, spec };
const strategy = {
  properties: { strategy: { stages: [{ name: "one", groups: [{ name: "all" }] }] } },
};

test.each(tokens)("the hub refuses %s", async (_name, make) => {
  const sent = { body: placement, token: await make() };
  expect(statusLine(await hub.refuse(`POST ${placements}`, sent))).toBe("401 Unauthorized");
});

test.each(tokens)(
  "the ARM API refuses %s, and says where there are tokens",
  async (_name, make) => {
    const sent = { body: strategy, token: await make() };
    const answer = await admin.refuse("PUT updateStrategies/waves", sent);
    expect(armLine(answer)).toBe("401 InvalidAuthenticationToken");
    const { issuer, tenantId } = laptop.endpoints;
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer authorization_uri="${issuer}/${tenantId}", error="invalid_token"`,
    );
  },
);

test.each(tokens)("the dashboard refuses %s", async (_name, make) => {
  const ask = asker(`${laptop.endpoints.admin}/dashboard`, good);
  const answer = await ask("GET fleets", { token: await make() });
  expect(answer.status).toBe(401);
  const { error } = answer.body as { readonly error: string };
  expect(error).toMatch(/^Cannot identify caller: /);
});

test("a password is no token", async () => {
  const sent = { token: null, headers: { authorization: `Basic ${btoa("you:secret")}` } };
  expect(statusLine(await hub.refuse(`GET ${placements}`, sent))).toBe("401 Unauthorized");
});

const roles = {
  nobody: [],
  stranger: ["Contoso.Admin"],
  reader: ["Hubless.Reader"],
  writer: ["Hubless.Writer"],
} as const;

test.each<[role: keyof typeof roles, line: string, body?: object]>([
  ["nobody", `GET ${placements}`],
  ["nobody", `GET ${placements}?watch=true`],
  ["nobody", "GET api/v1/namespaces/shop"],
  ["stranger", "GET api/v1/namespaces/shop"],
  ["reader", "GET api/v1/namespaces/shop/secrets"],
  ["reader", `POST ${placements}`, placement],
  ["reader", `PUT ${placements}/web`, placement],
  ["reader", `PATCH ${placements}/web`, {}],
  ["reader", "DELETE api/v1/namespaces/shop"],
  ["reader", `DELETE ${placements}`],
  ["writer", "GET api/v1/namespaces/shop/secrets"],
  ["writer", "POST api/v1/namespaces/shop/secrets", { metadata: { name: "a" } }],
  ["writer", "POST apis/rbac.authorization.k8s.io/v1/clusterroles", { metadata: { name: "a" } }],
])("on the hub, a %s may not %s", async (role, line, body) => {
  const token = await tokenOf(laptop, { roles: [...roles[role]] });
  const answer = await hub.refuse(line, { token, ...(body && { body }) });
  expect(statusLine(answer)).toBe("403 Forbidden");
  expect(messageOf(answer)).toContain("you need the app role");
});

const run = { properties: { managedClusterUpdate: { upgrade: { type: "NodeImageOnly" } } } };

test.each<[role: keyof typeof roles, line: string, body?: object]>([
  ["nobody", "GET "],
  ["nobody", "GET members"],
  ["nobody", "GET updateRuns/absent"],
  ["nobody", "POST listCredentials"],
  ["stranger", "GET "],
  ["reader", "PUT updateStrategies/waves", strategy],
  ["reader", "PUT updateRuns/run-1", run],
  ["reader", "POST updateRuns/run-1/start"],
  ["reader", "DELETE updateRuns/run-1"],
  ["writer", "PUT members/aks-1", { properties: {} }],
  ["writer", "PATCH ", { tags: {} }],
  ["writer", "PUT ../fleet-2", { location: "westeurope" }],
  ["writer", "DELETE "],
])("on the ARM API, a %s may not %s", async (role, line, body) => {
  const token = await tokenOf(laptop, { roles: [...roles[role]] });
  const answer = await admin.refuse(line, { token, ...(body && { body }) });
  expect(armLine(answer)).toBe("403 AuthorizationFailed");
});

test("on the dashboard, who has no role sees nothing", async () => {
  const ask = asker(`${laptop.endpoints.admin}/dashboard`, await tokenOf(laptop, { roles: [] }));
  const answer = await ask("GET fleets");
  expect(answer.status).toBe(403);
  expect(answer.text).not.toContain(laptop.endpoints.fleetName);
});
