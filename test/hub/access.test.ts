import { expect, test } from "vitest";
import type { Caller } from "../../shared/effects/callers.ts";
import { accessOf, rulesOf } from "../../shared/hub/access.ts";

const caller = (...roles: string[]): Caller => ({
  objectId: "11111111-1111-1111-1111-111111111111",
  name: "ann",
  groups: [],
  roles,
  kind: "user",
});
const on = (verb: string, resource: string, group = "") =>
  ({ kind: "resource", verb, group, resource }) as const;

test.each([
  ["without a role may not read", [], on("get", "configmaps"), false],
  ["with a role of another product may not read", ["Contributor"], on("get", "pods"), false],
  ["who reads may list", ["Hubless.Reader"], on("list", "configmaps"), true],
  ["who reads may not write", ["Hubless.Reader"], on("create", "configmaps"), false],
  ["who reads may not see Secrets", ["Hubless.Reader"], on("get", "secrets"), false],
  [
    "who reads may see what the API offers",
    ["Hubless.Reader"],
    { kind: "path", verb: "get", path: "/apis" },
    true,
  ],
  ["who writes may apply", ["Hubless.Writer"], on("patch", "deployments", "apps"), true],
  ["who writes may read", ["Hubless.Writer"], on("watch", "deployments", "apps"), true],
  ["who writes may not see Secrets", ["Hubless.Writer"], on("get", "secrets"), false],
  [
    "who writes may not say who may do what",
    ["Hubless.Writer"],
    on("create", "clusterroles", "rbac.authorization.k8s.io"),
    false,
  ],
  ["who administers may do all", ["Hubless.Admin"], on("delete", "secrets"), true],
] as const)("a caller %s", (_name, roles, attributes, allowed) => {
  expect(accessOf(caller(...roles), attributes).allowed).toBe(allowed);
});

test("a refusal names the role that is missing", () => {
  expect(accessOf(caller("Hubless.Reader"), on("create", "configmaps"))).toEqual({
    allowed: false,
    reason: 'you need the app role "Hubless.Writer"',
  });
});

test("the rules of a caller tell what its role allows", () => {
  expect(rulesOf(caller())).toEqual([]);
  expect(rulesOf(caller("Hubless.Reader"))[0]?.verbs).not.toContain("create");
  expect(rulesOf(caller("Hubless.Writer"))[0]?.verbs).toContain("create");
  expect(rulesOf(caller("Hubless.Admin"))[0]?.verbs).toEqual(["*"]);
});
