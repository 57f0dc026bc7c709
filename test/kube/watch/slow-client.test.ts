import { expect, test } from "vitest";
import { documentKind } from "../../../shared/kube/served-kind.ts";
import { keyOf } from "../../../shared/lib/document.ts";
import { type KubeFixture, kubeFixture, requestOf } from "../kube-fixture.ts";

const perCommit = 90;

/** Writes many objects, a commit at a time, and lets watches see each. */
async function writeMany({ api }: KubeFixture, commits: number): Promise<void> {
  const { store, fleet, watch } = api;
  const kind = documentKind("", "configmaps");
  for (let commit = 0; commit < commits; commit++) {
    await store.commit({
      fleet,
      writes: Array.from({ length: perCommit }, (_, index) => ({
        kind: "create" as const,
        key: keyOf(kind, fleet, `c-${commit}-${index}`, "shop"),
        body: { metadata: {} },
      })),
    });
    watch.nudge(fleet);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("a client that does not read is ended, not waited for with all that it missed", async () => {
  const fixture = await kubeFixture();
  const since = (await fixture.api.store.head(fixture.api.fleet)).revision;
  const path = `/api/v1/configmaps?watch=1&resourceVersion=${since}&allowWatchBookmarks=true`;
  const response = await fixture.send(requestOf("GET", path));
  await writeMany(fixture, 80);
  const text = await response.text();
  const lines = text.split("\n").filter((line) => line !== "");
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(80 * perCommit);
  // No bookmark claims that the client has seen what it was not told.
  expect(lines.filter((line) => line.includes('"BOOKMARK"'))).toEqual([]);
});

test("a client that goes away leaves nothing running", async () => {
  const fixture = await kubeFixture();
  const { store, fleet } = fixture.api;
  let looks = 0;
  const counted = await kubeFixture({
    store: {
      ...store,
      changes: async (id, after) => {
        looks += 1;
        return await store.changes(id, after);
      },
    },
  });
  const { revision } = await store.head(fleet);
  const path = `/api/v1/configmaps?watch=1&resourceVersion=${revision}`;
  const response = await counted.send(requestOf("GET", path));
  const reader = response.body?.getReader();
  const first = reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await reader?.cancel();
  await first;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const seen = looks;
  expect(seen).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(looks).toBe(seen);
});

test("a client that does not read is ended by bytes too, and one of another kind is not", async () => {
  const fixture = await kubeFixture();
  const { store, fleet, watch } = fixture.api;
  const since = (await store.head(fleet)).revision;
  const open = async (plural: string) =>
    await fixture.send(requestOf("GET", `/api/v1/${plural}?watch=1&resourceVersion=${since}`));
  const slow = await open("configmaps");
  const other = await open("services");
  const large = { metadata: {}, data: { text: "x".repeat(1_000_000) } };
  for (let at = 0; at < 45; at++) {
    const key = keyOf(documentKind("", "configmaps"), fleet, `large-${at}`, "shop");
    await store.commit({ fleet, writes: [{ kind: "create", key, body: large }] });
    watch.nudge(fleet);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const lines = (await slow.text()).split("\n").filter((line) => line !== "");
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(45);

  const key = keyOf(documentKind("", "services"), fleet, "web", "shop");
  await store.commit({ fleet, writes: [{ kind: "create", key, body: { metadata: {} } }] });
  watch.nudge(fleet);
  const reader = other.body?.getReader();
  let text = "";
  // Lines of nothing keep a watch alive.
  while (text.trim() === "") {
    const chunk = (await reader?.read()) as { readonly value?: Uint8Array } | undefined;
    text += new TextDecoder().decode(chunk?.value);
  }
  expect(text).toContain('"name":"web"');
  await reader?.cancel();
});
