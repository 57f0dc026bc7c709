/** Simulated clusters describe Kubernetes' own kinds as real ones do. */
import { expect, test } from "vitest";
import { simulatedSchemas } from "../../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { builtInKinds } from "../../../../shared/kube/built-in/built-in-kinds.ts";
import { at, isString } from "../../../../shared/kube/json.ts";
import { structuresOf } from "../../../../shared/kube/openapi/structure.ts";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { member, startMembers } from "./members-fixture.ts";

const schemas = simulatedSchemas();
const core = schemas.get("api/v1")?.read() ?? {};
const apps = schemas.get("apis/apps/v1")?.read() ?? {};

const fieldOf = (type: string, field: string, all = core): Json | undefined =>
  at(all, `io.k8s.api.${type}`, "properties", field);

test("every built-in kind and its list are described, under upstream's names", () => {
  for (const { group, kind, versions } of builtInKinds()) {
    for (const { name: version } of versions) {
      const path = group === "" ? `api/${version}` : `apis/${group}/${version}`;
      const set = schemas.get(path);
      const all = set?.read() ?? {};
      const name = set?.kinds[kind] ?? "";
      for (const each of [kind, `${kind}List`]) {
        expect(all[each === kind ? name : `${name}List`], `${path} ${each}`).toMatchObject({
          "x-kubernetes-group-version-kind": [{ group, version, kind: each }],
        });
      }
    }
  }
  expect(schemas.get("apis/apps/v1")?.kinds["Deployment"]).toBe("io.k8s.api.apps.v1.Deployment");
});

test("fields have the types, formats, texts and demands of Kubernetes", () => {
  const spec = at(apps, "io.k8s.api.apps.v1.DeploymentSpec");
  expect(at(spec, "required")).toEqual(["selector", "template"]);
  expect(fieldOf("apps.v1.DeploymentSpec", "replicas", apps)).toMatchObject({
    type: "integer",
    format: "int32",
  });
  expect(at(fieldOf("apps.v1.DeploymentSpec", "replicas", apps), "description")).toMatch(
    /^Number of desired pods/,
  );
  const ref = (name: string) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });
  const quantity = ref("io.k8s.apimachinery.pkg.api.resource.Quantity");
  expect(fieldOf("core.v1.ResourceRequirements", "limits")).toMatchObject({
    additionalProperties: quantity,
  });
  expect(fieldOf("core.v1.ServicePort", "targetPort")).toMatchObject(
    ref("io.k8s.apimachinery.pkg.util.intstr.IntOrString"),
  );
  expect(fieldOf("core.v1.PodSpec", "containers")).toMatchObject({
    items: ref("io.k8s.api.core.v1.Container"),
  });
  expect(fieldOf("core.v1.Secret", "data")).toMatchObject({
    additionalProperties: { type: "string", format: "byte" },
  });
});

test.each<[type: string, field: string, markers: string]>([
  ["PodSpec", "containers", "map name; merge name"],
  ["PodSpec", "volumes", "map name; merge,retainKeys name"],
  ["PodSpec", "imagePullSecrets", "map name; merge name"],
  ["PodSpec", "hostAliases", "map ip; merge ip"],
  ["PodSpec", "tolerations", "atomic"],
  ["PodSpec", "topologySpreadConstraints", "map topologyKey whenUnsatisfiable; merge topologyKey"],
  ["Container", "env", "map name; merge name"],
  ["Container", "envFrom", "atomic"],
  ["Container", "ports", "map containerPort protocol; merge containerPort"],
  ["Container", "volumeMounts", "map mountPath; merge mountPath"],
  ["ResourceRequirements", "claims", "map name"],
  ["PodStatus", "conditions", "map type; merge type"],
  ["PodStatus", "hostIPs", "atomic; merge ip"],
  ["ServiceSpec", "ports", "map port protocol; merge port"],
  ["ServiceSpec", "externalIPs", "atomic"],
  ["ServiceAccount", "secrets", "map name; merge name"],
  ["NodeSpec", "podCIDRs", "set; merge"],
])("%s.%s merges as Kubernetes says: %s", (type, field, markers) => {
  expect(markersOf(fieldOf(`core.v1.${type}`, field))).toBe(markers);
});

function markersOf(schema: Json | undefined): string {
  const texts = (...names: readonly string[]) =>
    names.flatMap((name) => at(schema, `x-kubernetes-${name}`) ?? []).flat();
  const list = texts("list-type", "list-map-keys").filter(isString).join(" ");
  const patch = texts("patch-strategy", "patch-merge-key").filter(isString).join(" ");
  return [list, patch].filter((each) => each !== "").join("; ");
}

test("metadata merges everywhere, selectors are atomic", () => {
  const meta = (name: string) => at(core, `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`);
  expect(markersOf(at(meta("ObjectMeta"), "properties", "ownerReferences"))).toBe(
    "map uid; merge uid",
  );
  expect(markersOf(at(meta("ObjectMeta"), "properties", "finalizers"))).toBe("set; merge");
  expect(meta("LabelSelector")).toMatchObject({ "x-kubernetes-map-type": "atomic" });
  expect(at(core, "io.k8s.api.core.v1.LocalObjectReference")).toMatchObject({
    "x-kubernetes-map-type": "atomic",
  });
});

test("each merge shape is of fields that Kubernetes has", () => {
  const strange = builtInKinds().flatMap(({ group, kind, versions }) =>
    versions.flatMap(({ name, mergeShape, toStored }) => {
      // Other versions of a kind merge as its first one does, where they have its fields.
      if (mergeShape === undefined || toStored !== undefined) return [];
      const set = schemas.get(group === "" ? `api/${name}` : `apis/${group}/${name}`);
      const structure = set && structuresOf(set).get(set.kinds[kind] ?? "");
      return strangeIn(mergeShape, structure ?? {}, kind);
    }),
  );
  expect(strange).toEqual([]);
});

/** Fields of a shape that the structure has not: a misspelt name would merge nothing. */
function strangeIn(shape: OpenApiSchema, structure: OpenApiSchema, path: string): string[] {
  const below = Object.entries(shape.properties ?? {}).flatMap(([name, each]) => {
    const field = structure.properties?.[name];
    return field === undefined ? [`${path}.${name}`] : strangeIn(each, field, `${path}.${name}`);
  });
  const items = shape.items && strangeIn(shape.items, structure.items ?? {}, `${path}[]`);
  return [...below, ...(items ?? [])];
}

test("a simulated cluster serves them, and refuses what they do not know", async () => {
  await using members = await startMembers();
  await members.clusters.ensure(member);
  const { body } = await members.ask("GET", "/openapi/v3");
  expect(at(body, "paths", "apis/apps/v1", "serverRelativeURL")).toMatch(
    /\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/,
  );
  const document = await members.ask("GET", "/openapi/v3/apis/apps/v1");
  expect(at(document.body, "components", "schemas", "io.k8s.api.apps.v1.Deployment")).toBeDefined();
  const path = "/api/v1/namespaces/default/configmaps?fieldValidation=Strict";
  const header = { apiVersion: "v1", kind: "ConfigMap" };
  const odd: JsonObject = { ...header, metadata: { name: "c" }, dota: {} };
  const refused = await members.ask("POST", path, odd);
  expect([refused.status, refused.body["message"]]).toEqual([
    400,
    expect.stringMatching(/unknown field "dota"$/),
  ]);
});
