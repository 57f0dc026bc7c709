import { expect, test } from "vitest";
import { at } from "../../shared/kube/json.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { kubeFixture } from "./kube-fixture.ts";

const aggregated =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

test("the older discovery goes group by group", async () => {
  const { ask } = await kubeFixture();
  expect((await ask("GET", "/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
  const { body: groups } = await ask("GET", "/apis");
  expect(groups["kind"]).toBe("APIGroupList");
  expect(groups["groups"]).toContainEqual({
    name: "example.com",
    versions: [
      { groupVersion: "example.com/v1", version: "v1" },
      { groupVersion: "example.com/v1beta1", version: "v1beta1" },
    ],
    preferredVersion: { groupVersion: "example.com/v1", version: "v1" },
  });
  const { body: group } = await ask("GET", "/apis/example.com");
  expect(group).toMatchObject({ kind: "APIGroup", name: "example.com" });
  const { body: list } = await ask("GET", "/apis/example.com/v1");
  expect(list).toMatchObject({
    kind: "APIResourceList",
    groupVersion: "example.com/v1",
    resources: [
      {
        name: "widgets",
        singularName: "widget",
        namespaced: true,
        kind: "Widget",
        verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
        shortNames: ["wd"],
      },
      { name: "widgets/status", kind: "Widget", verbs: ["get", "patch", "update"] },
      { name: "widgets/scale", group: "autoscaling", version: "v1", kind: "Scale" },
    ],
  });
  const { body: core } = await ask("GET", "/api/v1");
  const names = (core["resources"] as JsonObject[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["namespaces", "namespaces/finalize", "pods"]));
});

test.each([
  [aggregated, "v2"],
  [aggregated.replace("v=v2;", "v=v3;"), "v2beta1"],
])(
  "the newer discovery is one answer, in the newest version that is asked for",
  async (accept, version) => {
    const { ask } = await kubeFixture();
    const { body, headers } = await ask("GET", "/apis", undefined, { accept });
    expect(headers.get("content-type")).toBe(
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    );
    expect(headers.get("vary")).toBe("accept");
    expect(body).toMatchObject({
      kind: "APIGroupDiscoveryList",
      apiVersion: `apidiscovery.k8s.io/${version}`,
    });
    const items = body["items"] as JsonObject[];
    const own = items.find((item) => at(item, "metadata", "name") === "example.com");
    const [newest] = (own?.["versions"] ?? []) as JsonObject[];
    expect(newest).toMatchObject({
      version: "v1",
      freshness: "Current",
      resources: [
        {
          resource: "widgets",
          responseKind: { group: "example.com", version: "v1", kind: "Widget" },
          scope: "Namespaced",
          subresources: [
            { subresource: "status", responseKind: { kind: "Widget" } },
            { subresource: "scale", responseKind: { group: "autoscaling", kind: "Scale" } },
          ],
        },
      ],
    });
    const core = await ask("GET", "/api", undefined, { accept });
    expect(
      (core.body["items"] as JsonObject[]).map((item) => at(item, "metadata", "name")),
    ).toEqual([""]);
  },
);

test("version and health are told below the prefix alone", async () => {
  const { ask } = await kubeFixture({ basePath: "/clusters/c1" });
  const { body } = await ask("GET", "/clusters/c1/version");
  expect(body).toMatchObject({ major: "1", minor: "34", gitVersion: "v1.34.1" });
  for (const path of ["healthz", "livez", "readyz"]) {
    expect((await ask("GET", `/clusters/c1/${path}`)).body["text"]).toBe("ok");
  }
  expect((await ask("GET", "/version")).status).toBe(404);
  expect((await ask("GET", "/clusters/c10/version")).status).toBe(404);
  expect((await ask("POST", "/clusters/c1/version")).status).toBe(405);
});
