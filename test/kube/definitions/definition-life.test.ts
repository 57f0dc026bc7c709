import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { acceptedNames } from "../../../shared/kube/definitions/accepted-names.ts";
import {
  definitionKind,
  withDefinitions,
} from "../../../shared/kube/definitions/definition-kind.ts";
import { deleteInstances } from "../../../shared/kube/definitions/delete-instances.ts";
import { preparedDefinition } from "../../../shared/kube/definitions/prepared-definition.ts";
import { settleDefinitions } from "../../../shared/kube/definitions/settle-definitions.ts";
import { at } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { applyType, type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { gadgetDefinition } from "./definition-fixture.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const gadgets = "/apis/example.com/v1/namespaces/shop/gadgets";
const name = "gadgets.example.com";
const merge = { type: mergePatchType };

async function conditionsOf(ask: KubeFixture["ask"], path: string): Promise<readonly string[]> {
  const { body } = await ask("GET", path);
  const all = at(body, "status", "conditions") as readonly Record<string, string>[];
  return all.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

test("a definition gets its names, its conditions and its stored version at once", async () => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", definitions, gadgetDefinition());
  expect(status).toBe(201);
  const names = { plural: "gadgets", kind: "Gadget", singular: "gadget", listKind: "GadgetList" };
  expect(at(body, "spec", "names")).toEqual(names);
  expect(at(body, "spec", "conversion")).toEqual({ strategy: "None" });
  const lastTransitionTime = "2026-11-21T12:00:00Z";
  expect(body["status"]).toEqual({
    acceptedNames: names,
    conditions: [
      {
        type: "NamesAccepted",
        status: "True",
        lastTransitionTime,
        reason: "NoConflicts",
        message: "no conflicts found",
      },
      {
        type: "Established",
        status: "True",
        lastTransitionTime,
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      },
    ],
    storedVersions: ["v1"],
  });
});

test("a definition that is applied again is as it was", async () => {
  const { ask, pass } = await kubeFixture();
  const created = await ask("POST", definitions, gadgetDefinition());
  pass(60);
  const again = await ask("PATCH", `${definitions}/${name}`, gadgetDefinition(), merge);
  expect(again.body["metadata"]).toMatchObject({
    resourceVersion: at(created.body, "metadata", "resourceVersion"),
  });
});

function other(names: JsonObject, plural = "widgets"): JsonObject {
  const definition = gadgetDefinition({ spec: { names: { plural, kind: "Widget", ...names } } });
  const named = { ...definition, metadata: { name: `${plural}.example.com` } };
  return preparedDefinition(named);
}

test.each<[names: JsonObject, reason: string, message: string]>([
  [{ singular: "gadget" }, "SingularConflict", '"gadget" is already in use'],
  [{ shortNames: ["w", "gadget"] }, "ShortNamesConflict", '"gadget" is already in use'],
  [{ kind: "Gadget" }, "ListKindConflict", '"GadgetList" is already in use'],
  [{ listKind: "Gadget" }, "ListKindConflict", '"Gadget" is already in use'],
  [{ plural: "gadgets" }, "PluralConflict", '"gadgets" is already in use'],
])("names %j that another definition has are not accepted", (names, reason, message) => {
  const taken = preparedDefinition(gadgetDefinition());
  const { conditions } = acceptedNames(other(names), [taken]);
  expect(conditions).toEqual([
    { type: "NamesAccepted", status: "False", reason, message },
    {
      type: "Established",
      status: "False",
      reason: "NotAccepted",
      message: "not all names are accepted",
    },
  ]);
});

test("names of another group are nobody's business", () => {
  const taken = preparedDefinition(gadgetDefinition({ spec: { group: "other.com" } }));
  expect(acceptedNames(other({ singular: "gadget" }), [taken]).conditions).toMatchObject([
    { type: "NamesAccepted", status: "True" },
    { type: "Established", status: "True" },
  ]);
});

test("the younger of two definitions waits for its names until the older one is gone", async () => {
  const { ask, api } = await kubeFixture({ kinds: kindsOf(builtInKinds()) });
  await ask("POST", definitions, gadgetDefinition());
  await ask("POST", definitions, other({ shortNames: ["gadget"] }));
  const younger = `${definitions}/widgets.example.com`;
  await settleDefinitions(api);
  expect(await conditionsOf(ask, younger)).toEqual([
    "NamesAccepted False ShortNamesConflict",
    "Established False NotAccepted",
  ]);
  expect(definitionKind((await ask("GET", younger)).body)).toBeUndefined();
  const before = await api.store.head(api.fleet);
  await settleDefinitions(api);
  expect(await api.store.head(api.fleet)).toEqual(before);
  expect((await ask("DELETE", `${definitions}/${name}`)).status).toBe(200);
  await settleDefinitions(api);
  expect(await conditionsOf(ask, younger)).toEqual([
    "NamesAccepted True NoConflicts",
    "Established True InitialNamesAccepted",
  ]);
});

/** An API that serves gadgets, and whose definitions are held until their objects are gone. */
async function holding(): Promise<KubeFixture> {
  const fixture = await kubeFixture({
    kinds: withDefinitions(kindsOf(builtInKinds()), [gadgetDefinition()]),
    collectsGarbage: true,
  });
  await fixture.ask("POST", definitions, gadgetDefinition());
  return fixture;
}

const gadget = (metadata: JsonObject): JsonObject => ({
  apiVersion: "example.com/v1",
  kind: "Gadget",
  metadata,
  spec: {},
});

test("a definition goes after its objects, and waits for those that are held", async () => {
  const { ask, api } = await holding();
  await ask("POST", gadgets, gadget({ name: "free" }));
  const held = await ask("POST", gadgets, gadget({ name: "held", finalizers: ["x.com/hold"] }));
  expect(held.status).toBe(201);
  expect(await deleteInstances(api, name)).toBe("not-deleted");
  expect((await ask("GET", `${gadgets}/free`)).status).toBe(200);
  await ask("DELETE", `${definitions}/${name}`);
  expect(await deleteInstances(api, name)).toBe("waiting");
  expect((await ask("GET", `${gadgets}/free`)).status).toBe(404);
  expect(await conditionsOf(ask, `${definitions}/${name}`)).toContain(
    "Terminating True InstanceDeletionInProgress",
  );
  await ask("PATCH", `${gadgets}/held`, { metadata: { finalizers: null } }, merge);
  expect(await deleteInstances(api, name)).toBe("gone");
  expect(await deleteInstances(api, name)).toBe("gone");
  expect((await ask("GET", `${definitions}/${name}`)).status).toBe(404);
});

test("a definition with a finalizer of its own waits for it, without its objects", async () => {
  const { ask, api } = await holding();
  const path = `${definitions}/${name}`;
  const finalizers = ["x.com/hold"];
  await ask("PATCH", path, { metadata: { finalizers } }, merge);
  await ask("POST", gadgets, gadget({ name: "free" }));
  await ask("DELETE", path);
  expect(await deleteInstances(api, name)).toBe("waiting");
  expect(at((await ask("GET", path)).body, "metadata", "finalizers")).toEqual(["x.com/hold"]);
  expect((await ask("GET", `${gadgets}/free`)).status).toBe(404);
});

test("an object that comes in the last moment is not left behind", async () => {
  const { ask, api } = await holding();
  await ask("DELETE", `${definitions}/${name}`);
  const { store } = api;
  let isLate = true;
  const late: typeof store = {
    ...store,
    commit: async (commit) => {
      if (isLate) {
        isLate = false;
        await ask("POST", gadgets, gadget({ name: "late" }));
      }
      return await store.commit(commit);
    },
  };
  expect(await deleteInstances({ ...api, store: late }, name)).toBe("waiting");
  expect(await deleteInstances(api, name)).toBe("gone");
  expect((await ask("GET", `${gadgets}/late`)).status).toBe(404);
});

const terminating = "create not allowed while custom resource definition is terminating";

test("while a definition goes, its objects can be changed, but none can be made", async () => {
  const deleted = gadgetDefinition();
  const deletionTimestamp = "2026-11-21T12:00:00.000Z";
  const definition = { ...deleted, metadata: { ...deleted.metadata, deletionTimestamp } };
  const before = await holding();
  await before.ask("POST", gadgets, gadget({ name: "held", finalizers: ["x.com/hold"] }));
  const { ask } = await kubeFixture({
    store: before.api.store,
    kinds: withDefinitions(kindsOf(builtInKinds()), [definition]),
  });
  const refused = await ask("POST", gadgets, gadget({ name: "new" }));
  expect(refused.body).toMatchObject({
    code: 405,
    reason: "MethodNotAllowed",
    message: terminating,
    details: { group: "example.com", kind: "gadgets" },
  });
  const applied = await ask("PATCH", `${gadgets}/new?fieldManager=ann`, gadget({ name: "new" }), {
    type: applyType,
  });
  expect(applied.body).toMatchObject({ code: 405, message: terminating });
  const labels = { app: "x" };
  const changed = await ask("PATCH", `${gadgets}/held`, { metadata: { labels } }, merge);
  expect(changed.body).toMatchObject({ metadata: { labels } });
  expect((await ask("GET", gadgets)).body).toMatchObject({ items: [{}] });
});

test.each([
  ["a kind of Kubernetes", "deployments", "Deployment"],
  ["another plural of one", "deploys", "Deployment"],
  ["another kind of one's plural", "deployments", "Deploy"],
])("%s cannot be defined again", async (_, plural, kind) => {
  const { ask } = await kubeFixture({
    kinds: kindsOf(builtInKinds().map((each) => ({ ...each, group: `${each.group}.example.com` }))),
  });
  const path = "/apis/apiextensions.k8s.io.example.com/v1/customresourcedefinitions";
  const definition = gadgetDefinition({
    spec: { group: "apps.example.com", names: { plural, kind } },
  });
  const metadata = { name: `${plural}.apps.example.com` };
  const apiVersion = "apiextensions.k8s.io.example.com/v1";
  const { body } = await ask("POST", path, { ...definition, apiVersion, metadata });
  expect(body).toMatchObject({
    code: 403,
    message:
      `customresourcedefinitions.apiextensions.k8s.io "${metadata.name}" is forbidden: this API ` +
      'serves the kind Deployment of the group "apps.example.com" itself: it needs no definition',
    details: { name: metadata.name, kind: "customresourcedefinitions" },
  });
});

test.each([
  ["without a status of its own, each change of the status", {}, [1, 2, 3]],
  ["with one, no change of the status", { status: {} }, [1, 2, 2]],
])("%s counts as a generation", async (_, subresources, generations) => {
  const definition = gadgetDefinition({ version: { subresources } });
  const kinds = withDefinitions(kindsOf(builtInKinds()), [definition]);
  const { ask } = await kubeFixture({ kinds });
  const seen: unknown[] = [];
  const see = ({ body }: { readonly body: JsonObject }): void => {
    seen.push(at(body, "metadata", "generation"));
  };
  const path = `${gadgets}/one`;
  see(await ask("POST", gadgets, gadget({ name: "one" })));
  await ask("PATCH", path, { metadata: { labels: { a: "b" } } }, merge);
  see(await ask("PATCH", path, { spec: { size: 2 } }, merge));
  const statusPath = Object.hasOwn(subresources, "status") ? `${path}/status` : path;
  see(await ask("PATCH", statusPath, { status: { size: 2 } }, merge));
  expect(seen).toEqual(generations);
});

test("a group whose documents are the fleet's own is not for definitions", async () => {
  const { ask } = await kubeFixture({ kinds: kindsOf(builtInKinds()) });
  const definition = gadgetDefinition({
    spec: {
      group: "microsoft.containerservice",
      names: { plural: "fleets", kind: "Fleet" },
    },
  });
  const metadata = { name: "fleets.microsoft.containerservice" };
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  expect((await ask("POST", path, { ...definition, metadata })).body).toMatchObject({
    code: 403,
    message:
      `customresourcedefinitions.apiextensions.k8s.io "${metadata.name}" is forbidden: the group ` +
      `"microsoft.containerservice" is the fleet's own: define kinds in another one`,
  });
  // Nor does one that is there already define anything, or take what it names with it.
  expect(definitionKind(definition)).toBeUndefined();
});
