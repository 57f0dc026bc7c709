import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { serviceExport } from "../../../shared/hub/kinds/service-export.ts";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [more: string]: unknown;
}
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const folder = new URL("../../../infra/member/", import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const manifestsOf = (file: string): readonly Manifest[] => loadAll(textOf(file)) as Manifest[];
const find = (kind: string): Manifest => {
  const found = manifestsOf("relay.yaml").find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`There must be a ${kind}`);
  return found;
};

test("members get the ServiceExport that the hub serves", () => {
  const [crd] = manifestsOf("crds.yaml") as unknown as readonly {
    readonly spec: {
      readonly group: string;
      readonly names: Readonly<Record<string, unknown>>;
      readonly versions: readonly {
        readonly name: string;
        readonly storage: boolean;
        readonly subresources: unknown;
        readonly additionalPrinterColumns: unknown;
        readonly schema: { readonly openAPIV3Schema: { readonly properties: object } };
      }[];
    };
  }[];
  const { group, kind, plural, singular, shortNames, categories } = serviceExport;
  expect(crd?.spec).toMatchObject({
    group,
    names: { kind, plural, singular, shortNames, categories },
  });
  expect(crd?.spec.versions.map(({ name }) => name)).toEqual(
    serviceExport.versions.map(({ name }) => name),
  );
  expect(crd?.spec.versions.filter(({ storage }) => storage).length).toBe(1);
  for (const [at, version] of (crd?.spec.versions ?? []).entries()) {
    const served = serviceExport.versions[at];
    expect(version.subresources).toEqual({ status: {} });
    expect(version.additionalPrinterColumns).toEqual(served?.columns);
    expect(version.schema.openAPIV3Schema.properties).toMatchObject(
      served?.schema?.properties ?? {},
    );
  }
});

test("the relay may read what it tells of, write one status, and nothing else of a cluster", () => {
  const rules = find("ClusterRole")["rules"] as readonly Rule[];
  const allowed = rules.flatMap(({ apiGroups, resources, verbs }) =>
    resources.map((resource) => `${apiGroups.join()}/${resource}: ${verbs.join(" ")}`),
  );
  expect(allowed).toEqual([
    "networking.fleet.azure.com/serviceexports: list watch",
    "networking.fleet.azure.com/serviceexports/status: patch",
    "/services: list watch",
    "discovery.k8s.io/endpointslices: list watch",
  ]);
});

test("the relay has one lease of its own", () => {
  expect(find("Role")["rules"]).toEqual([
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
    {
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      resourceNames: ["hubless-relay"],
      verbs: ["get", "update"],
    },
  ]);
});

test("everything is in one namespace and runs as the relay's own account", () => {
  const namespaced = manifestsOf("relay.yaml").filter(({ metadata }) => metadata.namespace);
  expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(
    new Set(["hubless-system"]),
  );
  expect(find("Deployment")).toMatchObject({
    spec: {
      template: {
        metadata: { labels: { "azure.workload.identity/use": "true" } },
        spec: { serviceAccountName: find("ServiceAccount").metadata.name },
      },
    },
  });
});

test("the program names each setting that is missing, and the Deployment sets each", () => {
  const main = fileURLToPath(new URL("relay/main.ts", folder));
  const { status, stderr } = spawnSync(process.execPath, [main], { env: {}, encoding: "utf8" });
  expect(status).toBe(1);
  const missing = [...stderr.matchAll(/([A-Z_]+): /g)].map(([, name]) => name);
  expect(missing).toEqual(["CLUSTER_ID", "TOPIC_ENDPOINT", "API_SCOPE"]);
  const deployment = JSON.stringify(find("Deployment"));
  for (const name of missing) expect(deployment).toContain(`{"name":"${name}"`);
});

test("each placeholder of a manifest is explained", () => {
  const text = textOf("relay.yaml");
  const names = [...text.matchAll(/: \$\{([A-Z_]+)\}/g)].map(([, name]) => name);
  expect(names).toHaveLength(5);
  for (const name of names) expect(text).toContain(`# ${name} `);
});
