import { expect, test } from "vitest";
import { withValueAt } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { OpenApiSchema, ServedKind } from "../../../shared/kube/served-kind.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { applyType, kubeFixture, widget, widgetOf, widgets } from "../kube-fixture.ts";

/** An atomic list whose items have a default. */
const steps: JsonObject = {
  type: "array",
  items: {
    type: "object",
    properties: { name: { type: "string" }, scope: { type: "string", default: "all" } },
  },
};

const stepping: ServedKind = {
  ...widget,
  versions: widget.versions.map((version) => ({
    ...version,
    schema: withValueAt(
      version.schema as JsonObject,
      ["properties", "spec", "properties", "steps"],
      steps,
    ) as OpenApiSchema,
  })),
};

test("an apply that defaults make the same as before makes no revision", async () => {
  const { api, ask, pass } = await kubeFixture({ kinds: kindsOf([stepping]) });
  const made = await api.store.head(api.fleet);
  const apply = async (size: number) =>
    await ask(
      "PATCH",
      `${widgets}/w?fieldManager=alice`,
      widgetOf("w", { size, steps: [{ name: "one" }] }),
      { type: applyType },
    );
  const first = await apply(1);
  expect(first.body["spec"]).toMatchObject({ steps: [{ name: "one", scope: "all" }] });
  expect((await api.store.head(api.fleet)).revision).not.toBe(made.revision);
  pass(60);
  const second = await apply(1);
  expect(second.body).toEqual(first.body);
  const third = await apply(2);
  expect(third.body["metadata"]).not.toEqual(first.body["metadata"]);
});
