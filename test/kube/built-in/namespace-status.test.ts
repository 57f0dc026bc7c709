import { expect, test } from "vitest";
import { kubeFixture, mergePatchType } from "../kube-fixture.ts";

const shop = "/api/v1/namespaces/shop";
const merge = { type: mergePatchType };

test("nobody says that a namespace is being deleted while it is not", async () => {
  const { ask } = await kubeFixture();
  const terminating = { status: { phase: "Terminating" } };
  const patched = await ask("PATCH", `${shop}/status`, terminating, merge);
  const message =
    'Namespace "shop" is invalid: status.Phase: Invalid value: "Terminating": may only be ' +
    "'Active' if `deletionTimestamp` is empty";
  expect(patched.body).toMatchObject({ code: 422, message });
  const wanted = { metadata: { name: "shop" }, ...terminating };
  expect((await ask("PUT", `${shop}/status`, wanted)).body).toMatchObject({ code: 422, message });
  expect((await ask("GET", shop)).body).toMatchObject({ status: { phase: "Active" } });
});

test("conditions of a namespace are written, and it stays active", async () => {
  const { ask } = await kubeFixture();
  const conditions = [{ type: "Ready", status: "True" }];
  const wanted = { metadata: { name: "shop" }, status: { conditions } };
  const { body } = await ask("PUT", `${shop}/status`, wanted);
  expect(body["status"]).toEqual({ phase: "Active", conditions });
});

test("a namespace that is being deleted is not active again", async () => {
  const { ask } = await kubeFixture();
  await ask("DELETE", shop);
  const conditions = [{ type: "Content", status: "True" }];
  const active = { status: { phase: "Active" } };
  expect((await ask("PATCH", `${shop}/status`, active, merge)).body).toMatchObject({
    code: 422,
    message: /may only be 'Terminating' if `deletionTimestamp` is not empty/,
  });
  const { body } = await ask("PATCH", `${shop}/status`, { status: { conditions } }, merge);
  expect(body["status"]).toEqual({ phase: "Terminating", conditions });
});
