import { expect, test } from "vitest";
import { arrayOf, at } from "../../../shared/kube/json.ts";
import { reviewKinds } from "../../../shared/kube/review/review-kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../kube-fixture.ts";

test.each(reviewKinds)("$kind is described, and so is all that it refers to", async (review) => {
  const { group, version, kind, plural, namespaced } = review;
  const { ask } = await kubeFixture();
  const { body } = await ask("GET", `/openapi/v3/apis/${group}/${version}`);
  const within = namespaced === true ? "namespaces/{namespace}/" : "";
  const path = at(body, "paths", `/apis/${group}/${version}/${within}${plural}`) as JsonObject;
  expect(Object.keys(path).filter((key) => key !== "parameters")).toEqual(["post"]);
  expect(at(path, "post", "x-kubernetes-group-version-kind")).toEqual({ group, version, kind });
  const schemas = at(body, "components", "schemas") as JsonObject;
  const text = JSON.stringify(body);
  for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(schemas).toHaveProperty([name]);
  }
  const own = Object.values(schemas).flatMap((schema) =>
    arrayOf(at(schema, "x-kubernetes-group-version-kind")),
  );
  expect(own).toContainEqual({ group, version, kind });
});

test("who asks for an older document is sent to that of now", async () => {
  const { ask } = await kubeFixture({ basePath: "/hub" });
  const { body } = await ask("GET", "/hub/openapi/v3");
  const url = at(body, "paths", "apis/apps/v1", "serverRelativeURL") as string;
  const moved = await ask("GET", "/hub/openapi/v3/apis/apps/v1?hash=OLD");
  expect([moved.status, moved.headers.get("location")]).toEqual([301, url]);
  expect(moved.headers.get("cache-control")).toBe("no-cache, private");
  const now = await ask("GET", url);
  expect([now.status, now.body["openapi"]]).toEqual([200, "3.0.0"]);
  expect((await ask("GET", "/hub/openapi/v3/apis/apps/v1?hash=")).status).toBe(200);
  expect((await ask("GET", "/hub/openapi/v3/apis/none/v1?hash=OLD")).status).toBe(404);
});
