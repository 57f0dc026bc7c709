import { afterEach, expect, test, vi } from "vitest";
import { clientCache } from "../../../shared/azure/members/client-cache.ts";
import type { KubeClient } from "../../../shared/azure/members/kube-client.ts";
import { UnreachableError } from "../../../shared/azure/members/unreachable-error.ts";
import type { ClusterId } from "../../../shared/fleet/model.ts";

afterEach(() => vi.restoreAllMocks());

const cluster = (name: string) => name as ClusterId;

function counted() {
  const opened: ClusterId[] = [];
  const cache = clientCache(async (id) => {
    opened.push(id);
    return { ask: async () => ({ status: 200, body: { opened: opened.length } }) };
  });
  return { opened, cache };
}

const old = async (): Promise<never> => {
  throw new UnreachableError("the API server does not accept our identity (401)", true);
};

test("an access that grew old is renewed, once", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { opened, cache } = counted();
  let calls = 0;
  const first = async (client: KubeClient) => {
    calls++;
    return calls === 2 ? await old() : await client.ask({ method: "GET", path: "/version" });
  };
  await cache.use(cluster("aks-1"), first);
  now.mockReturnValue(61_000);
  expect(await cache.use(cluster("aks-1"), first)).toMatchObject({ body: { opened: 2 } });
  expect(opened).toHaveLength(2);
});

test("a cluster that stays out of reach does not make us ask ARM each time", async () => {
  vi.spyOn(performance, "now").mockReturnValue(0);
  const { opened, cache } = counted();
  for (let look = 0; look < 5; look++) {
    await expect(cache.use(cluster("aks-1"), old)).rejects.toThrow(UnreachableError);
  }
  expect(opened).toHaveLength(1);
});

test("at most two thousand clusters are kept, those used last", async () => {
  const { opened, cache } = counted();
  const use = async (name: string) => await cache.use(cluster(name), async () => name);
  for (let index = 0; index < 2_000; index++) await use(`aks-${index}`);
  await use("aks-0");
  await use("aks-2000");
  opened.length = 0;
  await use("aks-0");
  await use("aks-1");
  expect(opened).toEqual(["aks-1"]);
});

test("a kubeconfig that could not be read is asked for again", async () => {
  let isFirst = true;
  const cache = clientCache(async () => {
    if (isFirst) {
      isFirst = false;
      throw new UnreachableError("no kubeconfig", false);
    }
    return { ask: async () => ({ status: 200, body: {} }) };
  });
  await expect(cache.use(cluster("aks-1"), async () => 1)).rejects.toThrow("no kubeconfig");
  expect(await cache.use(cluster("aks-1"), async () => 1)).toBe(1);
});
