import { expect, test } from "vitest";
import { configMaps, kubeFixture } from "./kube-fixture.ts";
import { testRefusals } from "./refusal.ts";

testRefusals([
  {
    name: "an unknown resource",
    method: "GET",
    path: "/api/v1/foos",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "an unknown version",
    method: "GET",
    path: "/apis/apps/v9",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "an unknown version of a resource",
    method: "GET",
    path: "/apis/apps/v9/deployments",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "a path that is no text",
    method: "GET",
    path: "/api/v1/%ff",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "a namespaced object without its namespace",
    method: "GET",
    path: "/api/v1/configmaps/a",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "an object that is not there",
    method: "GET",
    path: "/apis/apps/v1/namespaces/shop/deployments/web",
    code: 404,
    reason: "NotFound",
    message: 'deployments.apps "web" not found',
    details: { name: "web", group: "apps", kind: "deployments" },
  },
  {
    name: "an unknown subresource",
    method: "GET",
    path: `${configMaps}/a/log`,
    code: 404,
    reason: "NotFound",
  },
  {
    name: "a status of a kind that has none",
    method: "GET",
    path: `${configMaps}/a/status`,
    code: 404,
    reason: "NotFound",
  },
  {
    name: "a POST to an object",
    method: "POST",
    path: `${configMaps}/a`,
    body: {},
    code: 405,
    reason: "MethodNotAllowed",
  },
  {
    name: "a PUT of a collection",
    method: "PUT",
    path: configMaps,
    body: {},
    code: 405,
    reason: "MethodNotAllowed",
  },
  {
    name: "the deletion of all namespaces",
    method: "DELETE",
    path: "/api/v1/namespaces",
    code: 405,
    reason: "MethodNotAllowed",
  },
  {
    name: "an Accept that nothing meets",
    method: "GET",
    path: configMaps,
    how: { accept: "application/foo" },
    code: 406,
    reason: "NotAcceptable",
  },
  {
    name: "protobuf as the only answer",
    method: "GET",
    path: configMaps,
    how: { accept: "application/vnd.kubernetes.protobuf" },
    code: 406,
    reason: "NotAcceptable",
  },
]);

test.each(["/nothing", "/apis/foo.io", "/apis/foo.io/v1", "/apis/foo.io/v1/foos", "//api"])(
  "%s is served nowhere, says a text",
  async (path) => {
    const { ask } = await kubeFixture();
    const { status, body, headers } = await ask("GET", path);
    expect(status).toBe(404);
    expect(body).toEqual({ text: "404 page not found\n" });
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  },
);
