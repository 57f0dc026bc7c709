import { expect, test } from "vitest";
import { documentBytesMax } from "../../../shared/effects/store.ts";
import { objectOf } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type KubeFixture, kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";

const limit = `Request entity too large: limit is ${documentBytesMax}`;
const large = { size: 1, free: { text: "x".repeat(documentBytesMax) } };

test.each(["POST", "PUT", "PATCH"])(
  "%s of what is too large for a document names the limit, and nothing of the store",
  async (method) => {
    const fixture = await kubeFixture();
    const name = "large";
    const made = method === "POST" ? undefined : await create(fixture, name);
    const path = method === "POST" ? widgets : `${widgets}/${name}`;
    const how = method === "PATCH" ? { type: "application/merge-patch+json" } : {};
    const asked = { ...widgetOf(name, large), metadata: made ?? { name } };
    const { status, body } = await fixture.ask(method, path, asked, how);
    expect(status).toBe(413);
    expect(body).toMatchObject({ reason: "RequestEntityTooLarge", message: limit, code: 413 });
    expect(JSON.stringify(body)).not.toMatch(/fleet|configmaps:|%2F/);
  },
);

async function create({ ask }: KubeFixture, name: string): Promise<JsonObject> {
  const { body } = await ask("POST", widgets, widgetOf(name, { size: 1 }));
  return objectOf(body["metadata"]);
}
