/** A Secret goes from the hub to members, and nothing on the laptop's disk tells it. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asker, tokenOf } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { sampleFleet } from "./members.ts";
import { apply, configMap, namespace, read, remove } from "./objects.ts";
import { available, placement } from "./placements.ts";

const password = "correct-horse-battery-staple-journey";
const encoded = Buffer.from(password).toString("base64");

interface Secret extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}

/** As client-side `kubectl apply` sends it, with the whole object repeated in an annotation. */
function secret(value: string): Secret {
  const data = { password: value };
  const applied = JSON.stringify({ apiVersion: "v1", kind: "Secret", data });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": applied };
  const metadata = { name: "db", namespace: "secretive", annotations };
  return { apiVersion: "v1", kind: "Secret", metadata, data };
}

let laptop: Laptop;
let members: readonly string[];
beforeAll(async () => {
  laptop = await startLaptop();
  members = await sampleFleet(laptop);
}, 90_000);
afterAll(endLaptops);

async function arrives(value: string): Promise<void> {
  for (const name of members) {
    await eventually({
      expected: `the Secret is in ${name}`,
      look: async () => (await read(laptop.member(name), secret(value))) as Secret | undefined,
      missing: (seen) => (seen?.data["password"] === value ? undefined : "it is not"),
      limitSeconds: 40,
    });
  }
}

/** Files in the laptop's folders that hold one of the texts, which are too long for a chance. */
async function filesThatTell(texts: readonly string[]): Promise<readonly string[]> {
  const folder = dirname(laptop.endpoints.caFile);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  expect(files.some((file) => file.endsWith("cosmos.sqlite"))).toBe(true);
  const telling: string[] = [];
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    for (const text of texts) {
      const found = [Buffer.from(text), Buffer.from(text, "utf16le")];
      if (found.some((each) => content.includes(each))) telling.push(`${file}: ${text}`);
    }
  }
  return telling;
}

/** A base64 text that begins at another byte of a triple looks different. */
function spellings(text: string): readonly string[] {
  const shifted = [0, 1, 2].map((by) => Buffer.from("x".repeat(by) + text).toString("base64"));
  return [text, ...shifted.map((each) => each.slice(4, -4)), Buffer.from(text).toString("hex")];
}

test("a Secret reaches its members, changes, goes, and leaves no trace on the disk", async () => {
  const { hub } = laptop;
  const all = placement("secretive", { placementType: "PickAll" });
  const open = configMap("secretive", "open", "this text is no secret");
  await apply(hub, [namespace("secretive"), secret(encoded), open, all]);
  await available(laptop, "secretive", members);
  await arrives(encoded);
  const seen = (await read(hub, secret(encoded))) as Secret | undefined;
  expect(seen?.data).toEqual({ password: encoded });
  expect(await filesThatTell(spellings(password))).toEqual([]);
  const others = (await filesThatTell(["this text is no secret"])).join();
  expect(others, "what is no secret is found").toMatch(/cosmos\.sqlite/);
  expect(others, "also in the members").toMatch(/clusters\.sqlite/);

  const next = "another-long-password-for-the-journey";
  const nextEncoded = Buffer.from(next).toString("base64");
  await apply(hub, [secret(nextEncoded)]);
  await arrives(nextEncoded);
  await remove(hub, secret(nextEncoded));
  expect(await filesThatTell([...spellings(password), ...spellings(next)])).toEqual([]);
}, 180_000);

test("a Secret survives a crash of the host, and a refusal or a log tells nothing of it", async () => {
  const hub = asker(laptop.endpoints.hub, await tokenOf(laptop));
  const path = "api/v1/namespaces/secretive/secrets";
  const made = await hub(`POST ${path}`, { body: { ...secret(encoded), kind: "Secret" } });
  expect(made.status).toBe(201);
  await laptop.cloud.crashHost();
  const found = await hub(`GET ${path}/db`);
  expect(found.body).toMatchObject({ data: { password: encoded } });
  const again = await hub(`POST ${path}`, { body: secret(encoded) });
  expect(again.status).toBe(409);
  const reader = await tokenOf(laptop, { roles: ["Hubless.Reader"] });
  const refused = await hub(`GET ${path}/db`, { token: reader });
  expect(refused.status).toBe(403);
  const { resourceVersion } = (found.body as Secret).metadata ?? {};
  const tooLarge = { a: Buffer.from(password.repeat(50_000)).toString("base64") };
  const large = await hub(`PUT ${path}/db`, {
    body: { ...secret(""), metadata: { name: "db", resourceVersion }, data: tooLarge },
  });
  expect(large.status).toBeGreaterThanOrEqual(400);
  for (const { text } of [again, refused, large]) {
    expect(spellings(password).filter((each) => text.includes(each))).toEqual([]);
  }
  expect(await filesThatTell([...spellings(password), reader])).toEqual([]);
}, 120_000);
