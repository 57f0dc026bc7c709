import { expect, test } from "vitest";
import { deploymentOf, deployments, kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";

const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
const named = (columns: unknown) => (columns as { name: string }[]).map(({ name }) => name);

test.each<[path: string, object: object, columns: readonly string[], cells: readonly unknown[]]>([
  [
    deployments,
    deploymentOf("a", "nginx"),
    ["Name", "Desired", "Available", "Age"],
    ["a", 2, 0, expect.stringMatching(/^\d+s$/)],
  ],
  [widgets, widgetOf("a", { size: 3 }), ["Name", "Desired", "Available"], ["a", 3, 0]],
])("a scale of %s is a table to who asks for one", async (path, object, columns, cells) => {
  const { ask } = await kubeFixture();
  expect((await ask("POST", path, object as never)).status).toBe(201);
  const { body } = await ask("GET", `${path}/a/scale`, undefined, { accept });
  expect(body["kind"]).toBe("Table");
  expect(named(body["columnDefinitions"])).toEqual(columns);
  const [row] = body["rows"] as { cells: unknown[]; object: object }[];
  expect(row?.cells).toEqual(cells);
  expect(row?.object).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "a" } });
});
