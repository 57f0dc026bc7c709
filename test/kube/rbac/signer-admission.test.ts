import { expect, test } from "vitest";
import { signerAdmission } from "../../../shared/kube/rbac/signer-admission.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const one = `${requests}/one`;
const merge = { type: mergePatchType };
const pem = "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n";

/** An API that lets everybody write, with a request, for somebody with rights on some signers. */
async function withRights(...rights: readonly string[]): Promise<KubeFixture> {
  const fixture = await kubeFixture({
    admit: signerAdmission((attributes) => {
      const { verb, resource, name } = attributes as { verb: string } & Record<string, string>;
      const isAllowed = resource === "signers" && rights.includes(`${verb} ${name}`);
      return isAllowed ? { allowed: true } : { allowed: false, reason: "" };
    }),
  });
  const request = Buffer.from(pem).toString("base64");
  const spec = { signerName: "example.com/signer", request, usages: ["client auth"] };
  await fixture.ask("POST", requests, { metadata: { name: "one" }, spec });
  return fixture;
}

const condition = (type: string): JsonObject => ({ type, status: "True" });
const approved = { status: { conditions: [condition("Approved")] } };
const failed = { status: { conditions: [condition("Failed")] } };

test.each<[rights: readonly string[], below: string, body: JsonObject, allowed: boolean]>([
  [["approve example.com/signer"], "approval", approved, true],
  [["approve example.com/*"], "approval", approved, true],
  [["approve example.com/other", "sign example.com/signer"], "approval", approved, false],
  [["sign example.com/*"], "status", { status: { certificate: "AAAA" } }, true],
  [["sign example.com/signer"], "status", failed, true],
  [["approve example.com/signer"], "status", { status: { certificate: "AAAA" } }, false],
  [[], "status", failed, false],
  [[], "status", { status: { other: 1 } }, true],
])("with %j, a write of /%s is as it must be", async (rights, below, body, allowed) => {
  const { ask } = await withRights(...rights);
  expect((await ask("PATCH", `${one}/${below}`, body, merge)).status).toBe(allowed ? 200 : 403);
});

test("a refusal says what is not permitted, and all other writes are nobody's business", async () => {
  const { ask } = await withRights();
  const { body } = await ask("PATCH", `${one}/approval`, approved, merge);
  expect(body).toMatchObject({
    reason: "Forbidden",
    message:
      'certificatesigningrequests.certificates.k8s.io "one" is forbidden: user not permitted to ' +
      'approve requests with signerName "example.com/signer"',
  });
  const labels = { a: "b" };
  expect((await ask("PATCH", one, { metadata: { labels } }, merge)).status).toBe(200);
  const status = { status: { conditions: [condition("Ready")] } };
  expect((await ask("PATCH", "/api/v1/namespaces/shop/status", status, merge)).status).toBe(200);
  expect((await ask("DELETE", one)).status).toBe(200);
});
