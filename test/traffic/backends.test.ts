import { expect, test } from "vitest";
import {
  backendsMax,
  backendsOf,
  type Candidate,
  candidatesOf,
} from "../../shared/traffic/backends.ts";
import type { ExportSnapshot } from "../../shared/traffic/model.ts";
import { fc } from "../chance.ts";
import {
  exported,
  exporter,
  frontendId,
  healthy,
  http,
  https,
  importOf,
  memberWith,
  service,
  snapshot,
} from "./exports.ts";

const { frontend: _, ...withoutFrontend } = snapshot("aks-1");

test.each<[name: string, change: Partial<ExportSnapshot>, why: string]>([
  [
    "whose Service is no LoadBalancer",
    { export: exported({ service: service({ type: "ClusterIP" }) }) },
    '"aks-1": Service is of type ClusterIP: must be LoadBalancer',
  ],
  [
    "whose Service is internal",
    { export: exported({ service: service({ internal: true }) }) },
    '"aks-1": Service asks for an internal load balancer: must be public',
  ],
  [
    "whose Service has no address",
    { export: exported({ service: service({ ingress: [] }) }) },
    '"aks-1": Service has no address yet',
  ],
])("a member %s is no backend", (_name, change, why) => {
  const { eligible, left } = candidatesOf(importOf(["aks-1"]).status, [exporter("aks-1", change)]);
  expect(eligible).toEqual([]);
  expect(left).toEqual([why]);
});

test("a member whose address has no frontend yet is no backend", () => {
  const { left } = candidatesOf(importOf(["aks-1"]).status, [
    { snapshot: withoutFrontend, member: healthy("aks-1") },
  ]);
  expect(left).toEqual(['"aks-1": no frontend has the Service\'s address yet']);
});

test("a member that left the fleet, or that the import does not list, is no backend", () => {
  const gone = { snapshot: snapshot("aks-1"), member: undefined };
  const { eligible, left } = candidatesOf(importOf(["aks-1"]).status, [gone, exporter("aks-2")]);
  expect(eligible).toEqual([]);
  expect(left).toEqual(['"aks-1": left the fleet']);
});

test("more members than a Global load balancer takes are left out, and named", () => {
  const names = Array.from({ length: backendsMax + 1 }, (_each, index) => `aks-${index}`);
  const { eligible, left } = candidatesOf(
    importOf(names).status,
    names.map((name) => exporter(name)),
  );
  expect(eligible).toHaveLength(backendsMax);
  expect(left).toEqual([`"aks-${backendsMax}": over ${backendsMax} backends`]);
});

const stopped = {
  ...healthy("aks-1"),
  status: {
    conditions: [],
    cluster: {
      kubernetesVersion: "1.34.1",
      provisioningState: "Succeeded",
      location: "eastus",
      powerState: "Stopped",
    },
  },
};

test.each([
  ["without a ready endpoint", healthy("aks-1"), 0, "no endpoint is ready"],
  ["whose cluster is stopped", stopped, 1, "its cluster is stopped"],
  [
    "whose API server says that it is not well",
    memberWith("aks-1", "MemberClusterUnhealthy"),
    1,
    "its cluster is unhealthy",
  ],
  [
    "whose API server does not answer us",
    memberWith("aks-1", "MemberClusterUnreachable"),
    1,
    undefined,
  ],
  ["that nobody has looked at", healthy("aks-1"), 1, undefined],
])("a member %s is unhealthy only if that is certain", (_name, member, readyEndpoints, why) => {
  const seen = { snapshot: snapshot("aks-1", { export: exported({ readyEndpoints }) }), member };
  const { eligible } = candidatesOf(importOf(["aks-1"]).status, [seen]);
  expect(eligible[0]?.unhealthy).toBe(why);
});

const candidate = (name: string, unhealthy?: string, ports = [http]): Candidate => ({
  backend: { name, frontendId: frontendId(name) },
  ports,
  ...(unhealthy !== undefined && { unhealthy }),
});

test.each<[name: string, eligible: readonly Candidate[], current: string, want: string]>([
  ["all healthy members", [candidate("a"), candidate("b")], "", "a b"],
  ["no unhealthy member beside a healthy one", [candidate("a"), candidate("b", "ill")], "a b", "a"],
  [
    "the backends of now when none is healthy",
    [candidate("a", "ill"), candidate("b", "ill")],
    "b",
    "b",
  ],
  ["all members when none is healthy and none is there", [candidate("a", "ill")], "", "a"],
  ["who recovers first", [candidate("a"), candidate("b", "ill")], "b", "a"],
  ["only who offers the port", [candidate("a"), candidate("b", undefined, [https])], "", "a"],
])("a port goes to %s", (_name, eligible, current, want) => {
  const backends = backendsOf(http, eligible, new Set(current.split(" ")));
  expect(backends.map(({ name }) => name).join(" ")).toBe(want);
});

test("health alone never takes the last backend, and the choice is stable", () => {
  const world = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      isIll: fc.boolean(),
      isIn: fc.boolean(),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );
  fc.assert(
    fc.property(world, (members) => {
      const eligible = members.map(({ name, isIll }) => candidate(name, isIll ? "ill" : undefined));
      const current = new Set(members.filter(({ isIn }) => isIn).map(({ name }) => name));
      const chosen = backendsOf(http, eligible, current);
      expect(chosen.length).toBeGreaterThan(0); // B3
      const again = backendsOf(http, eligible, new Set(chosen.map(({ name }) => name)));
      expect(again).toEqual(chosen);
      if (members.some(({ isIll }) => !isIll)) {
        const ill = new Set<string>(members.filter(({ isIll }) => isIll).map(({ name }) => name));
        expect(chosen.filter(({ name }) => ill.has(name))).toEqual([]); // B2
      }
    }),
  );
});
