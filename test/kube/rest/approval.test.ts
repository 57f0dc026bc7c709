import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { applyType, type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const one = `${requests}/one`;
const merge = { type: mergePatchType };

const pem = "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n";

function requestOf(spec: JsonObject = {}): JsonObject {
  return {
    metadata: { name: "one" },
    spec: {
      signerName: "example.com/signer",
      request: Buffer.from(pem).toString("base64"),
      usages: ["client auth"],
      ...spec,
    },
  };
}

function condition(type: string, more: JsonObject = {}): JsonObject {
  return { type, status: "True", reason: "Test", message: "tested", ...more };
}

const caller = {
  name: "ann",
  uid: "u-1",
  groups: ["team", "system:authenticated"],
  aliases: ["ann@example.com"],
  extra: { "example.com/tenant": ["t-1"] },
};

async function withRequest(overrides: Partial<KubeApi> = {}): Promise<KubeFixture> {
  const fixture = await kubeFixture({ caller, ...overrides });
  await fixture.ask("POST", requests, requestOf());
  return fixture;
}

async function conditionsIn({ ask }: KubeFixture): Promise<unknown> {
  return at((await ask("GET", one)).body, "status", "conditions");
}

test("a request says who asks, whatever it says itself, and never says otherwise", async () => {
  const { ask } = await kubeFixture({ caller });
  const lie = { username: "eve", uid: "u-2", groups: ["system:masters"], extra: { a: ["b"] } };
  const { body } = await ask("POST", requests, requestOf(lie));
  const said = {
    username: "ann",
    uid: "u-1",
    groups: ["team", "system:authenticated"],
    extra: { "example.com/tenant": ["t-1"] },
  };
  expect(body["spec"]).toEqual({ ...(requestOf()["spec"] as JsonObject), ...said });
  const changed = await ask("PATCH", one, { spec: lie, metadata: { labels: { a: "b" } } }, merge);
  expect(changed.body).toMatchObject({ spec: said, metadata: { labels: { a: "b" } } });
});

test("a request that is applied says who asks too, and of a stranger it says nothing more", async () => {
  const { ask } = await kubeFixture();
  const type = { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest" };
  const path = `${one}?fieldManager=ann`;
  const { status, body } = await ask(
    "PATCH",
    path,
    { ...type, ...requestOf() },
    { type: applyType },
  );
  expect(status).toBe(201);
  const said = { username: "system:anonymous", groups: ["system:unauthenticated"] };
  expect(body["spec"]).toEqual({ ...(requestOf()["spec"] as JsonObject), ...said });
});

test("a request is approved below /approval, which changes nothing else", async () => {
  const fixture = await withRequest();
  const { ask, pass } = fixture;
  pass(60);
  const { body: read } = await ask("GET", `${one}/approval`);
  const wanted = {
    ...read,
    metadata: { ...(read["metadata"] as JsonObject), labels: { a: "b" } },
    spec: { signerName: "other.com/signer" },
    status: { certificate: "AAAA", conditions: [condition("Approved")] },
  };
  const approved = await ask("PUT", `${one}/approval?fieldManager=ann`, wanted);
  expect(approved.status).toBe(200);
  const now = "2026-11-21T12:01:00Z";
  expect(approved.body["status"]).toEqual({
    conditions: [{ ...condition("Approved"), lastUpdateTime: now, lastTransitionTime: now }],
  });
  expect(approved.body["spec"]).toEqual(read["spec"]);
  expect(at(approved.body, "metadata", "labels")).toBeUndefined();
  const managers = at(approved.body, "metadata", "managedFields") as readonly JsonObject[];
  expect(managers.find(({ subresource }) => subresource === "approval")).toMatchObject({
    manager: "ann",
    operation: "Update",
    fieldsV1: { "f:status": { "f:conditions": {} } },
  });
});

test("a patch of /approval is one of the conditions by their type, and times stay", async () => {
  const fixture = await withRequest();
  const patch = { status: { conditions: [condition("Approved")] } };
  const how = { type: "application/strategic-merge-patch+json" };
  await fixture.ask("PATCH", `${one}/approval`, patch, how);
  fixture.pass(60);
  const again = [condition("Approved", { message: "again", lastUpdateTime: null })];
  const { body } = await fixture.ask(
    "PATCH",
    `${one}/approval`,
    { status: { conditions: again } },
    merge,
  );
  const [noon, later] = ["2026-11-21T12:00:00Z", "2026-11-21T12:01:00Z"];
  expect(at(body, "status", "conditions")).toMatchObject([
    { type: "Approved", message: "again", lastTransitionTime: noon, lastUpdateTime: later },
  ]);
});

test("/status signs and fails a request, and leaves alone what was decided", async () => {
  const fixture = await withRequest();
  const { ask } = fixture;
  await ask("PATCH", `${one}/approval`, { status: { conditions: [condition("Approved")] } }, merge);
  const decided = await conditionsIn(fixture);
  const other = condition("Approved", { reason: "Other" });
  const status = { certificate: "AAAA", conditions: [other, condition("Failed")] };
  const { body } = await ask("PATCH", `${one}/status`, { status }, merge);
  expect(body["status"]).toMatchObject({
    certificate: "AAAA",
    conditions: [(decided as readonly JsonObject[])[0], { type: "Failed" }],
  });
});

const forbidden = 'CertificateSigningRequest.certificates.k8s.io "one" is invalid: ';
const exclusive = "Approved and Denied conditions are mutually exclusive";

test.each<[name: string, below: string, conditions: readonly JsonObject[], because: string]>([
  [
    "a decision",
    "status",
    [condition("Denied")],
    'status.conditions: Forbidden: updates may not add a condition of type "Denied"',
  ],
  [
    "both decisions",
    "approval",
    [condition("Denied"), condition("Approved")],
    `status.conditions[1].type: Invalid value: "Approved": ${exclusive}`,
  ],
  [
    "a decision twice",
    "approval",
    [condition("Denied"), condition("Denied")],
    'status.conditions[1].type: Duplicate value: "Denied"',
  ],
  [
    "half a decision",
    "approval",
    [condition("Denied", { status: "False" })],
    'status.conditions[0].status: Unsupported value: "False": supported values: "True"',
  ],
  [
    "what nobody knows",
    "status",
    [condition("Example", { status: "" })],
    "status.conditions[0].status: Required value",
  ],
  ["what has no name", "status", [condition("")], "status.conditions[0].type: Required value"],
])("%s below /%s of a request is refused", async (_name, below, conditions, because) => {
  const fixture = await withRequest();
  const { body } = await fixture.ask("PATCH", `${one}/${below}`, { status: { conditions } }, merge);
  expect(body).toMatchObject({ code: 422, message: forbidden + because });
  expect(await conditionsIn(fixture)).toBeUndefined();
});

test("what was decided cannot be taken back", async () => {
  const fixture = await withRequest();
  const conditions = [condition("Denied"), condition("Failed")];
  await fixture.ask("PATCH", `${one}/approval`, { status: { conditions } }, merge);
  const none = { status: { conditions: [] } };
  const { body } = await fixture.ask("PATCH", `${one}/approval`, none, merge);
  const because = (type: string) =>
    `status.conditions: Forbidden: updates may not remove a condition of type "${type}"`;
  expect(body).toMatchObject({
    code: 422,
    message: `${forbidden}[${because("Denied")}, ${because("Failed")}]`,
  });
});

test("what /approval takes is told by discovery, and no more is served", async () => {
  const { ask } = await withRequest();
  const { body } = await ask("GET", "/apis/certificates.k8s.io/v1");
  const resources = body["resources"] as unknown as readonly { name: string; verbs: unknown }[];
  expect(resources.map(({ name }) => name)).toEqual([
    "certificatesigningrequests",
    "certificatesigningrequests/approval",
    "certificatesigningrequests/status",
  ]);
  expect(resources[1]?.verbs).toEqual(["get", "patch", "update"]);
  expect((await ask("DELETE", `${one}/approval`)).status).toBe(405);
  expect((await ask("POST", `${one}/approval`, {})).status).toBe(405);
  expect((await ask("GET", `${requests}/two/approval`)).status).toBe(404);
  expect((await ask("GET", "/api/v1/namespaces/shop/approval")).status).toBe(404);
});

test("who may change requests may not approve them by that", async () => {
  const asked: unknown[] = [];
  const { ask } = await withRequest({
    authorize: (attributes) => {
      asked.push(attributes);
      return { allowed: true };
    },
  });
  await ask("PATCH", `${one}/approval`, { status: { conditions: [condition("Approved")] } }, merge);
  expect(asked.at(-1)).toMatchObject({
    verb: "patch",
    resource: "certificatesigningrequests",
    subresource: "approval",
  });
  const status = { conditions: [condition("Denied")] };
  const { body } = await ask("PATCH", one, { status }, merge);
  expect(at(body, "status", "conditions")).toMatchObject([{ type: "Approved" }]);
});
