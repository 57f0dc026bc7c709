/** What a user of the hub sees of seals: nothing, until the keeper of keys is away. */
import { expect, test } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { serveHub } from "../../../shared/hub/serve.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { hubInMemory } from "../../hub/hub-in-memory.ts";
import { processOver, watchedWrap } from "./sealing.ts";
import { encoded, tells } from "./secrets.ts";

const secrets = "/api/v1/namespaces/default/secrets";
const maps = "/api/v1/namespaces/default/configmaps";
const secret = { metadata: { name: "db" }, type: "Opaque", data: { password: encoded } };

/** A hub whose process can be started again, when it knows no key any more. */
async function sealedHub() {
  const wrap = await watchedWrap();
  let restart: () => Store = () => {
    throw new Error("Cannot restart what has not started");
  };
  const hub = await hubInMemory((inner) => {
    restart = () => processOver(inner, wrap);
    return restart();
  });
  const restarted = () => Object.assign(hub.effects, { store: restart() });
  return { hub, wrap, restarted };
}

test("a Secret is written, read, listed, patched and deleted as ever", async () => {
  const { hub, restarted } = await sealedHub();
  expect((await hub.ask("POST", secrets, secret)).status).toBe(201);
  restarted();
  const { body } = await hub.ask("GET", `${secrets}/db`);
  expect(body).toMatchObject({ data: { password: encoded }, type: "Opaque" });
  expect(body).not.toHaveProperty("@sealed");
  const same = await hub.ask("PATCH", `${secrets}/db`, { data: { password: encoded } });
  expect(same.body["metadata"]).toEqual(body["metadata"]);
  await hub.ask("PATCH", `${secrets}/db`, { data: { more: "bW9yZQ==" } });
  const list = await hub.ask("GET", secrets);
  expect(list.body).toMatchObject({ items: [{ data: { password: encoded, more: "bW9yZQ==" } }] });
  expect((await hub.ask("DELETE", `${secrets}/db`)).status).toBe(200);
  expect((await hub.ask("GET", `${secrets}/db`)).status).toBe(404);
});

test("without the keeper of keys Secrets are 503, and all else is served and watched", async () => {
  const { hub, wrap, restarted } = await sealedHub();
  await hub.ask("POST", secrets, secret);
  wrap.failure = new FleetError("Unavailable", "Cannot unwrap", { retryAfterSeconds: 3 });
  restarted();
  const base = `https://fleet.contoso.com${hub.fleet}/hub`;
  for (const [method, path, body] of [
    ["GET", `${secrets}/db`],
    ["GET", secrets],
    ["POST", secrets, { ...secret, metadata: { name: "other" } }],
    ["DELETE", `${secrets}/db`],
  ] as const) {
    const answer = await hub.ask(method, path, body);
    expect(answer.status, `${method} ${path}`).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("3");
    expect(answer.body).toMatchObject({ reason: "ServiceUnavailable" });
    expect(tells(answer.body)).toBe(false);
  }
  const refused = await serveHub(new Request(`${base}${secrets}?watch=1`), hub.effects);
  const lines = (await refused.text()).trim().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
    type: "ERROR",
    object: { kind: "Status", code: 503, reason: "ServiceUnavailable" },
  });
  const since = (await hub.ask("GET", maps)).body["metadata"] as { resourceVersion: string };
  const from = Number(since.resourceVersion) - 1;
  const url = `${base}${maps}?watch=1&resourceVersion=${from}`;
  const watching = await serveHub(new Request(url), hub.effects);
  expect((await hub.ask("POST", maps, { metadata: { name: "open" } })).status).toBe(201);
  const reader = watching.body?.getReader();
  let text = "";
  // Lines of nothing keep a watch alive.
  while (text.trim() === "") {
    const chunk = (await reader?.read()) as { readonly value?: Uint8Array } | undefined;
    text += new TextDecoder().decode(chunk?.value);
  }
  expect(text).toMatch(/"ADDED".*"name":"open"/);
  await reader?.cancel();
});
