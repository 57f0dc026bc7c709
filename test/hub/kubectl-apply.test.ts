/** What every kubectl applies: by the client, on the server, pruned, compared, built. */
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { placement } from "../journeys/placements.ts";
import { deploymentOf } from "../kube/kube-fixture.ts";
import { type HubKubectl, onEachKubectl } from "./hub-kubectl.ts";

const mapOf = (name: string, data: object, labels?: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...(labels !== undefined && { labels }) },
  data,
});

onEachKubectl((kubectl) => {
  const { ok, fails, file, run } = kubectl;
  const path = async (object: string, jsonPath: string) =>
    await ok("get", object, "-o", `jsonpath=${jsonPath}`);

  test("applies by three-way merge: what it wrote goes, what others wrote stays", async () => {
    const first = await file("web.json", deploymentOf("web", "nginx:1"));
    expect(await ok("apply", "-f", first)).toBe("deployment.apps/web created\n");
    const version = await path("deploy/web", "{.metadata.resourceVersion}");
    expect(await ok("apply", "-f", first)).toBe("deployment.apps/web unchanged\n");
    expect(await path("deploy/web", "{.metadata.resourceVersion}")).toBe(version);
    await ok("set", "env", "deploy/web", "B=2");
    const { metadata, spec, ...rest } = deploymentOf("web", "nginx:2", 3);
    const labelled = {
      ...rest,
      spec,
      metadata: { ...(metadata as object), labels: { tier: "x" } },
    };
    const next = await file("web-2.json", labelled);
    expect(await ok("apply", "-f", next)).toBe("deployment.apps/web configured\n");
    const seen = "{.spec.replicas} {..image} {..env[*].name} {.metadata.labels}";
    expect(await path("deploy/web", seen)).toBe('3 nginx:2 A B {"tier":"x"}');
    expect(await path("deploy/web", "{.metadata.generation}")).toBe("3");
    expect(await ok("apply", "view-last-applied", "deploy/web")).toMatch(/image: nginx:2/);
  });

  test("applies the fleet's own kinds, and many documents at once", async () => {
    const name = `of-${kubectl.minor}`;
    const crp = placement(name, { placementType: "PickN", numberOfClusters: 1 });
    const maps = ["one", "two"].map((each) => JSON.stringify(mapOf(each, { of: name })));
    const many = await file(
      "many.yaml",
      ["# all", JSON.stringify(crp), ...maps, ""].join("\n---\n"),
    );
    expect(await ok("apply", "-f", many)).toBe(
      `clusterresourceplacement.placement.kubernetes-fleet.io/${name} created\n` +
        "configmap/one created\nconfigmap/two created\n",
    );
    const more = { ...crp, spec: { ...crp.spec, policy: { placementType: "PickAll" } } };
    const refused = await fails("apply", "-f", await file("crp.json", more));
    expect(refused).toMatch(/is invalid: .*spec.policy.placementType.*: .*immutable/is);
    expect(await ok("delete", "-f", many)).toMatch(/clusterresourceplacement.* deleted\n/);
  });

  test("applies on the server, and is told of conflicts", async () => {
    const side = ["apply", "--server-side"];
    const one = await file("side-1.json", mapOf("side", { a: "1", b: "1" }));
    const two = await file("side-2.json", mapOf("side", { a: "2", c: "2" }));
    const created = await ok(...side, "--field-manager=ann", "-f", one);
    expect(created).toBe("configmap/side serverside-applied\n");
    const refused = await fails(...side, "--field-manager=bob", "-f", two);
    expect(refused).toMatch(/Apply failed with 1 conflict: conflict with "ann".*: \.data\.a/);
    await ok(...side, "--field-manager=bob", "--force-conflicts", "-f", two);
    expect(await path("cm/side", "{.data}")).toBe('{"a":"2","b":"1","c":"2"}');
    const managed = kubectl.minor >= 21 ? ["--show-managed-fields"] : [];
    const fields = ["get", "cm/side", ...managed, "-o", "json"];
    const { metadata } = JSON.parse(await ok(...fields)) as {
      metadata: { managedFields: readonly object[] };
    };
    expect(metadata.managedFields).toEqual([
      {
        ...{ manager: "ann", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" },
        ...{ time: expect.any(String) as string, fieldsV1: { "f:data": { "f:b": {} } } },
      },
      {
        ...{ manager: "bob", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" },
        time: expect.any(String) as string,
        fieldsV1: { "f:data": { "f:a": {}, "f:c": {} } },
      },
    ]);
    await ok(...side, "--field-manager=ann", "-f", await file("side-3.json", mapOf("side", {})));
    expect(await path("cm/side", "{.data}")).toBe('{"a":"2","c":"2"}');
  });

  test("shows what an apply would change, and changes nothing by it", async () => {
    const one = await file("differs-1.json", mapOf("differs", { a: "1" }));
    const two = await file("differs-2.json", mapOf("differs", { a: "2" }));
    expect((await run("diff", "-f", one)).code).toBe(1);
    await ok("apply", "-f", one);
    expect(await ok("diff", "-f", one)).toBe("");
    for (const how of [[], ["--server-side", "--force-conflicts"]]) {
      const { code, out } = await run("diff", ...how, "-f", two);
      expect(code).toBe(1);
      expect(out).toMatch(/^- {2}a: "1"\n\+ {2}a: "2"$/m);
    }
    expect(await ok("apply", "--dry-run=server", "-f", two)).toMatch(
      /configured \(server dry run\)/,
    );
    expect(await ok("apply", "--dry-run=client", "-f", two)).toMatch(/configured \(dry run\)/);
    expect(await path("cm/differs", "{.data.a}")).toBe("1");
  });

  if (kubectl.isThorough) thorough(kubectl);
});

function thorough(kubectl: HubKubectl): void {
  const { ok, fails, file, run } = kubectl;

  test("takes what the client applied over to the server, field by field", async () => {
    const one = await file("moved-1.json", mapOf("moved", { a: "1", b: "1" }));
    await ok("apply", "-f", one);
    const two = await file("moved-2.json", mapOf("moved", { a: "2" }));
    const side = ["apply", "--server-side", "--force-conflicts", "-f"];
    const { code, out } = await run(...side, two);
    expect({ code, out }).toEqual({ code: 0, out: "configmap/moved serverside-applied\n" });
    // From 1.26 on kubectl hands its own fields over, so that what is left out goes.
    const data = await ok("get", "cm/moved", "-o", "jsonpath={.data}");
    expect(data).toBe(kubectl.minor >= 26 ? '{"a":"2"}' : '{"a":"2","b":"1"}');
  });

  test("goes from client to server and back without a conflict, and prunes", async () => {
    const steps = { "1": { a: "1", b: "1" }, "2": { a: "2", b: "1", c: "1" }, "3": { a: "3" } };
    const [one, two, three] = await Promise.all(
      Object.entries(steps).map(
        async ([step, data]) => await file(`back-${step}.json`, mapOf("back", data)),
      ),
    );
    const data = async () => await ok("get", "cm/back", "-o", "jsonpath={.data}");
    const side = ["apply", "--server-side", "-f"];
    await ok("apply", "-f", `${one}`);
    // Since 1.26 kubectl warns here that it could not hand over what it has not applied.
    const dry = await run(...side, `${two}`, "--dry-run=server");
    expect(dry.out).toBe("configmap/back serverside-applied (server dry run)\n");
    const { code, out } = await run("diff", "--server-side", "-f", `${two}`);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringMatching(/^- {2}a: "1"\n\+ {2}a: "2"\n/m) as string,
    });
    await ok(...side, `${two}`);
    expect(await data()).toBe('{"a":"2","b":"1","c":"1"}');
    await ok("apply", "-f", `${one}`);
    expect(await data()).toBe('{"a":"1","b":"1"}');
    await ok("patch", "cm/back", "--field-manager=bob", "-p", '{"data":{"a":"9"}}');
    expect(await fails(...side, `${two}`)).toMatch(
      /Apply failed with 1 conflict: conflict with "bob" using v1: \.data\.a\n/,
    );
    await ok("apply", "-f", `${three}`);
    expect(await data()).toBe('{"a":"3"}');
  });

  test("builds and applies a kustomization", async () => {
    const kustomization = await file(
      "kustom/kustomization.yaml",
      "namePrefix: pre-\nresources: [map.json]\nconfigMapGenerator:\n" +
        "- name: made\n  literals: [a=1]\ngeneratorOptions: {disableNameSuffixHash: true}\n",
    );
    await file("kustom/map.json", mapOf("given", { a: "1" }));
    const folder = dirname(kustomization);
    const applied = (await ok("apply", "-k", folder)).trim().split("\n").toSorted();
    expect(applied).toEqual(["configmap/pre-given created", "configmap/pre-made created"]);
    expect(await ok("kustomize", folder)).toMatch(/name: pre-made/);
    expect(await ok("get", "-k", folder, "-o", "name")).toMatch(/configmap\/pre-given\n/);
    await ok("delete", "-k", folder);
  });

  test("prunes what is no longer among the manifests, and only that", async () => {
    const label = { pruned: "yes" };
    await ok("apply", "-f", await file("outside.json", mapOf("outside", {})));
    const maps = (...names: readonly string[]) => ({
      ...{ apiVersion: "v1", kind: "List" },
      items: names.map((name) => mapOf(name, { a: "1" }, label)),
    });
    const allow = kubectl.has("prune allowlist") ? "--prune-allowlist" : "--prune-whitelist";
    const prune = ["apply", "--prune", "-l", "pruned=yes", `${allow}=core/v1/ConfigMap`, "-f"];
    await ok(...prune, await file("both.json", maps("keep", "drop")));
    const out = await ok(...prune, await file("less.json", maps("keep")));
    expect(out).toBe("configmap/keep unchanged\nconfigmap/drop pruned\n");
    expect(await ok("get", "cm", "-l", "pruned=yes", "-o", "name")).toBe("configmap/keep\n");
    expect(await ok("get", "cm", "outside", "-o", "name")).toBe("configmap/outside\n");
  });

  test("says what is wrong with a manifest, with the field", async () => {
    const crp = placement("wrong");
    const odd = await file("odd.json", { ...crp, spec: { ...crp.spec, polisy: {} } });
    const unknown = await fails("apply", "-f", odd);
    expect(unknown).toMatch(/unknown field "(spec\.)?polisy"/);
    if (kubectl.has("validation by the server")) {
      expect(await fails("apply", "--validate=strict", "-f", odd)).toMatch(/strict decoding error/);
      const warned = await run("apply", "--validate=warn", "--dry-run=server", "-f", odd);
      expect(warned).toMatchObject({
        code: 0,
        err: expect.stringMatching(/Warning: unknown field "spec\.polisy"/) as string,
      });
    } else await kubectl.lacks("apply", "--validate=strict", "-f", odd);
    const policy = { placementType: "PickN", numberOfClusters: -1 };
    const negative = { ...crp, spec: { ...crp.spec, policy } };
    const { err } = await run("apply", "--validate=false", "-f", await file("n.json", negative));
    expect(err).toMatch(/is invalid: spec.policy.numberOfClusters: Invalid value: -1: .*greater/);
    const nameless = await fails("apply", "-f", await file("no.yaml", "apiVersion: v1\nkind: Pod"));
    expect(nameless).toMatch(/resource name may not be empty|no name/);
    const none = { apiVersion: "example.com/v1", kind: "None", metadata: { name: "n" } };
    expect(await fails("apply", "-f", await file("none.json", none))).toMatch(
      /no matches for kind "None" in version "example.com\/v1"/,
    );
    expect(
      await fails("apply", "-n", "no-such", "-f", await file("m.json", mapOf("m", {}))),
    ).toMatch(/namespaces "no-such" not found/);
  });
}
