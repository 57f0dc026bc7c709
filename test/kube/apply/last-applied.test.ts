/** From client-side apply to server-side apply and back, as kubectl asks for it. */
import { expect, test } from "vitest";
import { arrayOf, at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  configMap,
  configMaps,
  deploymentOf,
  deployments,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";
import {
  annotated,
  clientSide,
  type Data,
  lastApplied,
  ownersOf,
  path,
  type Step,
  take,
} from "./last-applied-steps.ts";

interface Outcome {
  readonly data: Data;
  /** The data that the annotation tells of. */
  readonly last: Data;
  readonly owners: Readonly<Record<string, string>>;
}

test.each<[what: string, steps: readonly Step[], outcome: Outcome]>([
  [
    "takes over what the client applied and nobody changed",
    [
      ["client", { a: "1", b: "1" }],
      ["server", { a: "2", b: "1" }],
    ],
    {
      data: { a: "2", b: "1" },
      last: { a: "2", b: "1" },
      owners: { "kubectl Apply": "a b", "kubectl-client-side-apply Update": "b annotation" },
    },
  ],
  [
    "leaves what only the client owns",
    [
      ["client", { a: "1", b: "1" }],
      ["server", { a: "2" }],
    ],
    {
      data: { a: "2", b: "1" },
      last: { a: "2" },
      owners: { "kubectl Apply": "a", "kubectl-client-side-apply Update": "b annotation" },
    },
  ],
  [
    "lets what it leaves out go once the client's fields are handed over",
    [["client", { a: "1", b: "1" }], ["server", { a: "2" }], ["hand over"], ["server", { a: "2" }]],
    {
      data: { a: "2" },
      last: { a: "2" },
      owners: { "kubectl Apply": "a", "kubectl-last-applied Apply": "annotation" },
    },
  ],
  [
    "goes back to the client, which lets what only the server applied go",
    [
      ["client", { a: "1", b: "1" }],
      ["server", { a: "1", b: "1", c: "1" }],
      ["client", { a: "1", b: "1" }],
    ],
    {
      data: { a: "1", b: "1" },
      last: { a: "1", b: "1" },
      owners: { "kubectl Apply": "a b", "kubectl-client-side-apply Update": "a b annotation" },
    },
  ],
  [
    "takes what another changed and changed back",
    [
      ["client", { a: "1" }],
      ["edit", { a: "9" }],
      ["edit", { a: "1" }],
      ["server", { a: "2" }],
    ],
    {
      data: { a: "2" },
      last: { a: "2" },
      owners: { "kubectl Apply": "a", "kubectl-client-side-apply Update": "annotation" },
    },
  ],
  [
    "leaves the annotation alone as another manager",
    [
      ["client", { a: "1" }],
      ["server, as ci", { c: "1" }],
    ],
    {
      data: { a: "1", c: "1" },
      last: { a: "1" },
      owners: { "ci Apply": "c", "kubectl-client-side-apply Update": "a annotation" },
    },
  ],
])("kubectl's server-side apply %s", async (_what, steps, outcome) => {
  const fixture = await kubeFixture();
  for (const step of steps) expect((await take(fixture, step)).status).toBeLessThan(300);
  const { body } = await fixture.ask("GET", path);
  const last = JSON.parse(lastApplied(body) ?? "null") as JsonObject;
  expect({ data: body["data"], last: last["data"], owners: ownersOf(body) }).toEqual(outcome);
});

test.each<[what: string, steps: readonly Step[], message: string]>([
  [
    "what another changed, and only that",
    [
      ["client", { a: "1", b: "1" }],
      ["edit", { a: "9" }],
      ["server", { a: "2", b: "2" }],
    ],
    'Apply failed with 1 conflict: conflict with "bob" using v1: .data.a',
  ],
  [
    "what another made",
    [
      ["client", { a: "1" }],
      ["edit", { c: "9" }],
      ["server", { a: "2", c: "2" }],
    ],
    'Apply failed with 1 conflict: conflict with "bob" using v1: .data.c',
  ],
  [
    "what the client applied, for another manager",
    [
      ["client", { a: "1", b: "1" }],
      ["server, as ci", { a: "2", b: "2" }],
    ],
    'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using v1:\n' +
      "- .data.a\n- .data.b",
  ],
])("a conflict stays one: %s", async (_what, steps, message) => {
  const fixture = await kubeFixture();
  for (const step of steps.slice(0, -1)) await take(fixture, step);
  const before = await fixture.ask("GET", path);
  const [last] = steps.slice(-1);
  const refused = last && (await take(fixture, last));
  expect(refused?.body).toMatchObject({ code: 409, reason: "Conflict", message });
  expect((await fixture.ask("GET", path)).body).toEqual(before.body);
});

test.each<[what: string, last: Json]>([
  ["is empty", ""],
  ["is no JSON", "{"],
  ["is no object", "[]"],
  ["is of another version", { ...configMap("s", { a: "1" }), apiVersion: "v2" }],
  ["is of another kind", { ...configMap("s", { a: "1" }), kind: "Secret" }],
  ["has no metadata to read", { ...configMap("s", { a: "1" }), metadata: "s" }],
])("nothing is taken over when the annotation %s", async (_what, last) => {
  const fixture = await kubeFixture();
  const made = annotated(configMap("s", { a: "1" }), last);
  await fixture.ask("POST", `${configMaps}?${clientSide}`, made);
  const { body } = await take(fixture, ["server", { a: "2" }]);
  expect(body["message"]).toBe(
    'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a',
  );
});

test("items of lists are taken over each by itself, but not from lists with a key twice", async () => {
  const { ask } = await kubeFixture();
  const made = widgetOf("w", { size: 1, parts: [{ name: "p", weight: 1 }] });
  const next = widgetOf("w", { size: 1, parts: [{ name: "p", weight: 2 }] });
  const twice = widgetOf("w", { size: 1, parts: [{ name: "p", weight: 1 }, { name: "p" }] });
  const statuses: number[] = [];
  for (const last of [twice, made]) {
    await ask("DELETE", `${widgets}/w`);
    await ask("POST", `${widgets}?${clientSide}`, annotated(made, last));
    const { status, body } = await ask("PATCH", `${widgets}/w?fieldManager=kubectl`, next, {
      type: applyType,
    });
    statuses.push(status);
    if (status === 200) expect(at(body, "spec")).toMatchObject({ parts: [{ weight: 2 }] });
  }
  expect(statuses).toEqual([409, 200]);
});

test("a new image is applied over a Deployment that the client applied", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", `${deployments}?${clientSide}`, annotated(deploymentOf("web", "i:1")));
  await ask(
    "PATCH",
    `${deployments}/web?fieldManager=scaler`,
    { spec: { replicas: 7 } },
    { type: mergePatchType },
  );
  const url = `${deployments}/web?fieldManager=kubectl`;
  const refused = await ask("PATCH", url, deploymentOf("web", "i:2"), { type: applyType });
  expect(refused.body["message"]).toBe(
    'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
  );
  const scaled = await ask("PATCH", url, deploymentOf("web", "i:2", 7), { type: applyType });
  expect(scaled.status).toBe(200);
  const containers = arrayOf(at(scaled.body, "spec", "template", "spec", "containers"));
  expect(at(containers[0], "image")).toBe("i:2");
});

test("an annotation that is too deep to be an object is no help, and no harm", async () => {
  const { ask } = await kubeFixture();
  const deep = `${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`;
  const last = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s"},"data":${deep}}`;
  await ask("POST", `${configMaps}?${clientSide}`, annotated(configMap("s", { a: "1" }), last));
  const { status } = await ask(
    "PATCH",
    `${configMaps}/s?fieldManager=kubectl`,
    configMap("s", { a: "2" }),
    { type: applyType },
  );
  expect(status).toBe(409);
});
