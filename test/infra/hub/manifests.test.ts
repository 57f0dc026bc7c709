import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { manifests } from "../../../infra/hub/manifests.ts";
import { ownKinds } from "../../../shared/hub/kinds.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { at } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../../kube/kube-fixture.ts";

const root = join(import.meta.dirname, "../../..");
const files = [...manifests()];

test.each(files)("%s is what the schemas say (npm run manifests writes it)", (file, text) => {
  expect(readFileSync(join(root, file), "utf8")).toBe(text);
});

test("there is no manifest of a kind that the hub does not serve", () => {
  const names = readdirSync(join(root, "infra/hub/crds")).map((name) => `infra/hub/crds/${name}`);
  expect(names.toSorted()).toEqual(
    files
      .map(([file]) => file)
      .filter((file) => file.startsWith("infra/hub/crds/"))
      .toSorted(),
  );
});

describe.each(files.filter(([file]) => file.endsWith(".yaml")))("%s", (_file, text) => {
  test("is a definition that a Kubernetes API takes, and serves at once", async () => {
    const { ask } = await kubeFixture({ kinds: kindsOf(builtInKinds()) });
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const { status, body } = await ask("POST", path, load(text) as JsonObject);
    expect(body["message"]).toBeUndefined();
    expect(status).toBe(201);
    expect(at(body, "status", "conditions")).toMatchObject([
      { type: "NamesAccepted", status: "True" },
      { type: "Established", status: "True" },
    ]);
  });
});

test.each(
  ownKinds.flatMap((kind) =>
    kind.versions.map(
      ({ name, schema }) => [`${kind.kind}.${kind.group}/${name}`, schema] as const,
    ),
  ),
)("each field of %s says what it is", (_name, schema) => {
  expect(undescribed(schema ?? {}, "")).toEqual([]);
});

function undescribed(schema: OpenApiSchema, path: string): readonly string[] {
  const here = schema.description === undefined && !path.endsWith("[]") ? [path] : [];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    undescribed(field, `${path}.${name}`),
  );
  const { items } = schema;
  return [...here, ...fields, ...(items === undefined ? [] : undescribed(items, `${path}[]`))];
}
