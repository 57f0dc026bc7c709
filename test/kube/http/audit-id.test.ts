import { expect, test } from "vitest";
import { configMaps, kubeFixture, requestOf } from "../kube-fixture.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test.each(["/api", "/healthz", "/nothing", configMaps, `${configMaps}/none`])(
  "the answer to %s has an id of its own",
  async (path) => {
    const { ask } = await kubeFixture();
    const ids = [await ask("GET", path), await ask("GET", path)].map(({ headers }) =>
      headers.get("audit-id"),
    );
    expect(ids).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)]);
    expect(ids[0]).not.toBe(ids[1]);
  },
);

test("an id that the client gives is kept, up to a length", async () => {
  const { ask } = await kubeFixture();
  const told = async (id: string) => {
    const { headers } = await ask("GET", "/api", undefined, { headers: { "Audit-ID": id } });
    return headers.get("audit-id");
  };
  expect(await told("my request, 1")).toBe("my request, 1");
  expect(await told("a".repeat(300))).toBe("a".repeat(256));
  expect(await told("")).toMatch(uuid);
});

test("what nobody foresaw is logged under the id that the client is told", async () => {
  const told: unknown[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (_: string, facts: unknown) => void told.push(facts),
  };
  const { send } = await kubeFixture({
    log,
    authorize: () => {
      throw new Error("broken");
    },
  });
  const response = await send(requestOf("GET", "/api"));
  expect(response.status).toBe(500);
  expect(told.at(-1)).toMatchObject({ auditId: response.headers.get("audit-id"), path: "/api" });
});
