/** The official client of JavaScript, typed and generic, writes to the hub in every way it has. */
import {
  type ApiException,
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  type V1Lease,
  V1MicroTime,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endLaptops, type Laptop, startLaptop } from "../../journeys/laptop.ts";
import { configMap, deployment } from "../../journeys/objects.ts";
import { hubConfig } from "./hub-config.ts";

const namespace = "typed";
let config: KubeConfig;
beforeAll(async () => {
  const laptop: Laptop = await startLaptop();
  config = hubConfig(laptop);
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
}, 60_000);
afterAll(endLaptops);

const codeOf = async (asked: Promise<unknown>): Promise<number> =>
  await asked.then(
    () => 0,
    (error: unknown) => (error as ApiException<unknown>).code,
  );

test("creates, reads, lists, replaces and deletes", async () => {
  const core = config.makeApiClient(CoreV1Api);
  const body = { metadata: { name: "a", labels: { tier: "x" } }, data: { text: "1" } };
  const made = await core.createNamespacedConfigMap({ namespace, body });
  expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);
  const read = await core.readNamespacedConfigMap({ namespace, name: "a" });
  expect(read).toEqual(made);
  const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: "tier=x" });
  expect(items).toHaveLength(1);
  const next = { ...read, data: { text: "2" } };
  const replaced = await core.replaceNamespacedConfigMap({ namespace, name: "a", body: next });
  expect(replaced.data).toEqual({ text: "2" });
  const stale = core.replaceNamespacedConfigMap({ namespace, name: "a", body: next });
  expect(await codeOf(stale)).toBe(409);
  expect((await core.deleteNamespacedConfigMap({ namespace, name: "a" })).status).toBe("Success");
  expect(await codeOf(core.readNamespacedConfigMap({ namespace, name: "a" }))).toBe(404);
});

test.each<[name: string, strategy: PatchStrategy, body: object]>([
  ["a merge patch", PatchStrategy.MergePatch, { spec: { replicas: 3 } }],
  ["a strategic merge patch", PatchStrategy.StrategicMergePatch, { spec: { replicas: 3 } }],
  ["a JSON patch", PatchStrategy.JsonPatch, [{ op: "replace", path: "/spec/replicas", value: 3 }]],
])("changes a Deployment by %s", async (kind, strategy, body) => {
  const apps = config.makeApiClient(AppsV1Api);
  const name = kind.replaceAll(" ", "-").toLowerCase();
  await apps.createNamespacedDeployment({
    namespace,
    body: deployment(namespace, name) as never,
  });
  const options = setHeaderOptions("Content-Type", strategy);
  const patched = await apps.patchNamespacedDeployment({ namespace, name, body }, options);
  expect(patched.spec?.replicas).toBe(3);
  expect(patched.metadata?.generation).toBe(2);
  const scale = await apps.readNamespacedDeploymentScale({ namespace, name });
  expect(scale).toMatchObject({ kind: "Scale", spec: { replicas: 3 } });
});

test("applies any object on the server, and is told of conflicts", async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const applied = async (text: string, manager: string, force = false) =>
    await objects.patch(
      ...([configMap(namespace, "any", text), undefined, undefined, manager, force] as const),
      PatchStrategy.ServerSideApply,
    );
  const first = await applied("1", "one");
  expect(await applied("1", "one")).toEqual(first);
  expect(await codeOf(applied("2", "two"))).toBe(409);
  const forced = await applied("2", "two", true);
  expect(forced.metadata?.managedFields?.map(({ manager }) => manager)).toEqual(["two"]);
  const found = await objects.list("v1", "ConfigMap", namespace);
  expect(found.items.map(({ metadata }) => metadata?.name)).toEqual(["any"]);
});

/** The client gives a time of microseconds as it came. */
const timeOf = ({ spec }: V1Lease): number =>
  Date.parse(JSON.stringify(spec?.renewTime ?? "").replaceAll('"', ""));

/** One round of a candidate: takes a lease that is free or expired, and renews its own. */
async function round(leases: CoordinationV1Api, holder: string, now: Date): Promise<boolean> {
  const at = { namespace, name: "leader" };
  const spec = {
    holderIdentity: holder,
    leaseDurationSeconds: 15,
    renewTime: new V1MicroTime(now),
  };
  let lease: V1Lease;
  try {
    lease = await leases.readNamespacedLease(at);
  } catch (error) {
    if ((error as ApiException<unknown>).code !== 404) throw error;
    const body = { metadata: { name: "leader" }, spec };
    return (await codeOf(leases.createNamespacedLease({ namespace, body }))) === 0;
  }
  const renewedAt = timeOf(lease);
  const isFree = renewedAt + 15_000 < now.getTime();
  if (lease.spec?.holderIdentity !== holder && !isFree) return false;
  const body = { ...lease, spec };
  return (await codeOf(leases.replaceNamespacedLease({ ...at, body }))) === 0;
}

test("one of many candidates leads, and another only when the lease expired", async () => {
  const leases = config.makeApiClient(CoordinationV1Api);
  const names = ["a", "b", "c", "d", "e"];
  const start = new Date("2026-11-21T05:00:00.123Z");
  const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
  const leaders = async (now: Date) => {
    const won = await Promise.all(names.map(async (name) => await round(leases, name, now)));
    return names.filter((_, index) => won[index]);
  };
  const first = await leaders(start);
  expect(first).toHaveLength(1);
  expect(await leaders(later(10))).toEqual(first);
  const second = await leaders(later(60));
  expect(second).toHaveLength(1);
  const lease = await leases.readNamespacedLease({ namespace, name: "leader" });
  expect(lease.spec?.holderIdentity).toBe(second[0]);
  expect(timeOf(lease)).toBe(later(60).getTime());
});
