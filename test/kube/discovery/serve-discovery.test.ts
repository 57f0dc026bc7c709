import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { kubeFixture } from "../kube-fixture.ts";

const v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const v2beta1 = v2.replace("v=v2", "v=v2beta1");

test.each(["/api", "/apis"])("%s in one answer is told anew only when it changed", async (path) => {
  const { ask } = await kubeFixture();
  const first = await ask("GET", path, undefined, { accept: v2 });
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
  const again = (tag: string, accept = v2) =>
    ask("GET", path, undefined, { accept, headers: { "if-none-match": tag } });
  const same = await again(etag);
  expect({ status: same.status, body: same.body }).toEqual({ status: 304, body: { text: "" } });
  for (const header of ["etag", "content-type", "vary", "cache-control"]) {
    expect(same.headers.get(header)).toBe(first.headers.get(header));
  }
  expect((await again('"other"')).body).toEqual(first.body);
  // Another version of the answer is another answer.
  expect((await again(etag, v2beta1)).status).toBe(200);
});

test("servers of the same kinds give the same tag, and a new kind gives another", async () => {
  const tagOf = async (overrides = {}) => {
    const { ask } = await kubeFixture(overrides);
    return (await ask("GET", "/apis", undefined, { accept: v2 })).headers.get("etag");
  };
  expect(await tagOf()).toBe(await tagOf());
  expect(await tagOf({ kinds: kindsOf(builtInKinds()) })).not.toBe(await tagOf());
});

test("the older discovery has no tag", async () => {
  const { ask } = await kubeFixture();
  expect((await ask("GET", "/apis")).headers.get("etag")).toBeNull();
});
