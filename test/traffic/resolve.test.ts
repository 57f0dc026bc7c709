import { expect, test } from "vitest";
import type { ExportSeen, ServicePort } from "../../shared/traffic/model.ts";
import { type MemberExport, resolve } from "../../shared/traffic/resolve.ts";
import { fc } from "../chance.ts";
import { after, exported, http, https, service } from "./exports.ts";

const at = (member: string, more: Partial<ExportSeen> = {}): MemberExport => ({
  member,
  export: exported(more),
});
const web: ServicePort = { name: "web", protocol: "TCP", port: 80 };
const http8080: ServicePort = { ...http, port: 8080 };
const http2: ServicePort = { ...http, appProtocol: "kubernetes.io/h2c" };

interface Case {
  readonly name: string;
  readonly exports: readonly MemberExport[];
  readonly before?: readonly string[];
  readonly want: {
    readonly clusters: string;
    readonly ports: readonly ServicePort[];
    readonly conflict?: string;
  };
}

const younger = { createdAt: after(60) };

const cases: readonly Case[] = [
  {
    name: "lists each exporting cluster, by name",
    exports: [at("aks-2"), at("aks-1")],
    want: { clusters: "aks-1 aks-2", ports: [http] },
  },
  {
    name: "offers the union of all ports",
    exports: [at("aks-1"), at("aks-2", { ...younger, service: service({ ports: [https] }) })],
    want: { clusters: "aks-1 aks-2", ports: [http, https] },
  },
  {
    name: "keeps the older number of a port's name, and tells all of the conflict",
    exports: [at("aks-1", { ...younger, service: service({ ports: [http8080] }) }), at("aks-2")],
    want: {
      clusters: "aks-1 aks-2",
      ports: [http],
      conflict: 'PortConflict: port "http" 8080/TCP of "aks-1" differs from port "http" 80/TCP',
    },
  },
  {
    name: "keeps the older name of a port's number",
    exports: [at("aks-1"), at("aks-2", { ...younger, service: service({ ports: [web] }) })],
    want: {
      clusters: "aks-1 aks-2",
      ports: [http],
      conflict: 'PortConflict: port "web" 80/TCP of "aks-2" differs from port "http" 80/TCP',
    },
  },
  {
    name: "keeps the older appProtocol",
    exports: [at("aks-1"), at("aks-2", { ...younger, service: service({ ports: [http2] }) })],
    want: {
      clusters: "aks-1 aks-2",
      ports: [http],
      conflict: 'PortConflict: port "http" 80/TCP of "aks-2" differs from port "http" 80/TCP',
    },
  },
  {
    name: "goes by name between exports of one age",
    exports: [at("b", { service: service({ ports: [http8080] }) }), at("a")],
    want: {
      clusters: "a b",
      ports: [http],
      conflict: 'PortConflict: port "http" 8080/TCP of "b" differs from port "http" 80/TCP',
    },
  },
  {
    name: "keeps the older session affinity",
    exports: [
      at("aks-1"),
      at("aks-2", { ...younger, service: service({ sessionAffinity: "ClientIP" }) }),
    ],
    want: {
      clusters: "aks-1 aks-2",
      ports: [http],
      conflict: 'SessionAffinityConflict: "aks-2" has ClientIP',
    },
  },
  {
    name: "leaves out a weight of 0",
    exports: [at("aks-1"), at("aks-2", { weight: 0 })],
    want: { clusters: "aks-1", ports: [http] },
  },
  {
    name: "leaves out what has no Service",
    exports: [
      at("aks-1"),
      {
        member: "aks-2",
        export: { ...exported(), validity: "ServiceNotFound", service: undefined } as never,
      },
    ],
    want: { clusters: "aks-1", ports: [http] },
  },
  {
    name: "leaves an export in whose weight became unreadable",
    exports: [at("aks-1", { validity: "ServiceExportInvalidWeightAnnotation" })],
    before: ["aks-1"],
    want: { clusters: "aks-1", ports: [http] },
  },
  {
    name: "does not let an export in whose weight never was readable",
    exports: [at("aks-1"), at("aks-2", { validity: "ServiceExportInvalidWeightAnnotation" })],
    want: { clusters: "aks-1", ports: [http] },
  },
];

test.each(cases)("an import $name", ({ exports, before = [], want }) => {
  const { status, conflict } = resolve(exports, new Set(before));
  expect(status?.clusters.map(({ cluster }) => cluster).join(" ")).toBe(want.clusters);
  expect(status?.ports).toEqual(want.ports);
  expect(conflict).toMatchObject(
    want.conflict === undefined
      ? { status: "False", reason: "NoConflictFound" }
      : { status: "True", reason: "ConflictFound", message: want.conflict },
  );
});

test("an import is none when no export takes part", () => {
  expect(resolve([at("aks-1", { weight: 0 })], new Set()).status).toBeUndefined();
});

const port = fc.record({
  name: fc.constantFrom("", "http", "web", "admin"),
  protocol: fc.constantFrom("TCP", "UDP", "SCTP"),
  port: fc.constantFrom(80, 81, 443),
}) as fc.Arbitrary<ServicePort>;
const someExports = fc.uniqueArray(
  fc.record({
    member: fc.constantFrom("a", "b", "c", "d", "e"),
    seconds: fc.nat(3),
    ports: fc.array(port, { maxLength: 4 }),
    weight: fc.nat(2),
  }),
  { selector: ({ member }) => member, maxLength: 5 },
);

test("an import keeps R1 to R4 for any exports in any order", () => {
  fc.assert(
    fc.property(someExports, fc.infiniteStream(fc.nat()), (some, order) => {
      const exports = some.map(({ member, seconds, ports, weight }) =>
        at(member, { createdAt: after(seconds), weight, service: service({ ports }) }),
      );
      const shuffled = exports
        .map((each) => ({ each, by: Number(order.next().value) }))
        .toSorted((one, other) => one.by - other.by)
        .map(({ each }) => each);
      const resolved = resolve(exports, new Set());
      expect(resolve(shuffled, new Set())).toEqual(resolved); // R1

      const ports = resolved.status?.ports ?? [];
      const oldest = exports
        .filter((each) => each.export.weight > 0)
        .toSorted((one, other) =>
          `${one.export.createdAt}${one.member}` < `${other.export.createdAt}${other.member}`
            ? -1
            : 1,
        )[0];
      const first = oldest?.export.service?.ports[0];
      if (first !== undefined) expect(ports).toContainEqual(first); // R2
      expect(new Set(ports.map(({ name }) => name)).size).toBe(ports.length); // R3
      expect(new Set(ports.map((each) => `${each.protocol}${each.port}`)).size).toBe(ports.length);
    }),
  );
});
