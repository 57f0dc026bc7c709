import { expect, test } from "vitest";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { encodeBytes } from "../../../shared/kube/protobuf/wire.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../kube-fixture.ts";

const path = "/apis/authentication.k8s.io/v1/tokenreviews";
const ann = { name: "ann", uid: "u-1", groups: ["devs"], extra: { team: ["shop"] } };

const reviewToken: NonNullable<KubeApi["reviewToken"]> = async (token, audiences) => {
  if (token === "slow") throw new FleetError("Unavailable", "away", { retryAfterSeconds: 2 });
  return token === "good" ? { user: ann, audiences } : { error: "the token has expired" };
};

async function review(spec: JsonObject, overrides: Omit<Partial<KubeApi>, "reviewToken"> = {}) {
  const { ask } = await kubeFixture({ ...overrides, reviewToken });
  return await ask("POST", path, { spec });
}

test("a good token is told with its user, as it was asked", async () => {
  const { status, body } = await review({ token: "good" });
  expect(status).toBe(201);
  expect(body).toEqual({
    kind: "TokenReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { creationTimestamp: null },
    spec: { token: "good" },
    status: {
      authenticated: true,
      user: { username: "ann", uid: "u-1", groups: ["devs"], extra: { team: ["shop"] } },
    },
  });
});

test("audiences that the token is for are told", async () => {
  const { body } = await review({ token: "good", audiences: ["api://x"] });
  expect(body["status"]).toMatchObject({ authenticated: true, audiences: ["api://x"] });
});

test("a bad token is no error, and says nothing of a user", async () => {
  const { status, body } = await review({ token: "bad" });
  expect(status).toBe(201);
  expect(body["status"]).toEqual({ user: {}, error: "the token has expired" });
});

test("a review needs a token, and a server that reviews", async () => {
  const empty = await review({});
  expect(empty.body).toMatchObject({
    code: 400,
    message: "token is required for TokenReview in authentication",
  });
  const { ask } = await kubeFixture();
  const { body } = await ask("POST", path, { spec: { token: "good" } });
  expect(body["status"]).toEqual({ user: {}, error: "tokens are not reviewed here" });
});

test("an issuer that is away says nothing about a token", async () => {
  const { status, headers } = await review({ token: "slow" });
  expect([status, headers.get("retry-after")]).toEqual([503, "2"]);
});

test("who may not create reviews is told nothing", async () => {
  const { status, body } = await review(
    { token: "good" },
    { caller: ann, authorize: () => ({ allowed: false, reason: "" }) },
  );
  expect(status).toBe(403);
  expect(body["message"]).toBe(
    'tokenreviews.authentication.k8s.io is forbidden: User "ann" cannot create resource ' +
      '"tokenreviews" in API group "authentication.k8s.io" at the cluster scope',
  );
});

test("typed clients of Go ask in protobuf", async () => {
  const { send } = await kubeFixture({ reviewToken });
  const parts = (...each: readonly [number, string | Buffer][]): Buffer =>
    Buffer.concat(each.map(([field, value]) => encodeBytes(field, value)));
  const type = parts([1, "authentication.k8s.io/v1"], [2, "TokenReview"]);
  const review = parts([1, ""], [2, parts([1, "good"], [2, "a"], [2, "b"])], [3, ""]);
  const body = Buffer.concat([Buffer.from("k8s\0"), parts([1, type], [2, review])]);
  const headers = { "content-type": "application/vnd.kubernetes.protobuf" };
  const response = await send(
    new Request(`https://hub${path}`, { method: "POST", headers, body: new Uint8Array(body) }),
  );
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    spec: { token: "good", audiences: ["a", "b"] },
    status: { authenticated: true, audiences: ["a", "b"] },
  });
});
