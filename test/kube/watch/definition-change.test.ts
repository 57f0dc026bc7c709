import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { withDefinitions } from "../../../shared/kube/definitions/definition-kind.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { gadgetDefinition } from "../definitions/definition-fixture.ts";
import { kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { nameOf, type Watching, watching } from "./watching.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const definition = `${definitions}/gadgets.example.com`;
const gadgets = "/apis/example.com/v1/namespaces/shop/gadgets";
const merge = { type: mergePatchType };

async function watched() {
  const kinds = withDefinitions(kindsOf(builtInKinds()), [gadgetDefinition()]);
  const fixture = await kubeFixture({ kinds });
  const { status, body } = await fixture.ask("POST", definitions, gadgetDefinition());
  expect(status).toBe(201);
  const { resourceVersion } = body["metadata"] as JsonObject;
  const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${String(resourceVersion)}`;
  const gadget = { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" } };
  return {
    ...fixture,
    make: async () => await fixture.ask("POST", gadgets, gadget),
    ofGadgets: await watching(fixture, `${gadgets}?${query}`),
    ofDefinitions: await watching(fixture, `${definitions}?${query}`),
  };
}

/** What is told until the end. */
async function rest(watch: Watching): Promise<readonly string[]> {
  const told: string[] = [];
  for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
    told.push(event.type === "BOOKMARK" ? event.type : `${event.type} ${nameOf(event)}`);
  }
  return told;
}

test("a watch ends with a bookmark when its kind's definition is another", async () => {
  const { ask, make, ofGadgets, ofDefinitions } = await watched();
  await make();
  const { spec } = gadgetDefinition({ fields: { color: { type: "string" } } });
  expect((await ask("PATCH", definition, { spec } as JsonObject, merge)).status).toBe(200);
  expect(await rest(ofGadgets)).toEqual(["ADDED g", "BOOKMARK"]);
  expect((await ofDefinitions.next())?.type, "others go on").toBe("MODIFIED");
  await ofDefinitions.stop();
});

test("a watch goes on when only what is said about the definition changes", async () => {
  const { ask, make, ofGadgets, ofDefinitions } = await watched();
  const labels = { metadata: { labels: { a: "b" } } };
  expect((await ask("PATCH", definition, labels, merge)).status).toBe(200);
  await make();
  expect((await ofGadgets.next())?.type).toBe("ADDED");
  await ofGadgets.stop();
  await ofDefinitions.stop();
});

test("a watch ends when its kind's definition is gone", async () => {
  const { ask, ofGadgets, ofDefinitions } = await watched();
  expect((await ask("DELETE", definition)).status).toBe(200);
  expect(await rest(ofGadgets)).toEqual(["BOOKMARK"]);
  await ofDefinitions.stop();
});

test("a watch from before a definition that was made again goes on", async () => {
  const { make, ofGadgets, ofDefinitions, ...fixture } = await watched();
  const { ask } = fixture;
  const { revision } = await fixture.api.store.head(fixture.api.fleet);
  await ask("DELETE", definition);
  expect((await ask("POST", definitions, gadgetDefinition())).status).toBe(201);
  await rest(ofGadgets);
  const again = await watching(fixture, `${gadgets}?watch=1&resourceVersion=${revision}`);
  await make();
  expect((await again.next())?.type).toBe("ADDED");
  for (const each of [again, ofDefinitions]) await each.stop();
});
