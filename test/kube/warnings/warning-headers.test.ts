import { expect, test } from "vitest";
import { respond } from "../../../shared/kube/http/respond.ts";
import {
  applyType,
  deploymentOf,
  deployments,
  kubeFixture,
  mergePatchType,
} from "../kube-fixture.ts";

const hidden = (index: number): string =>
  `299 - "spec.template.spec.containers[0].env[${index}]: hides previous definition of \\"A\\", ` +
  'which may be dropped when using apply"';

const doubled = { ...deploymentOf("web", "web:1") };
const template = {
  metadata: { labels: { app: "web" } },
  spec: {
    containers: [
      {
        name: "main",
        image: "web:1",
        env: ["1", "2"].map((value) => ({
          name: "A",
          value,
        })),
      },
    ],
  },
};
const object = { ...doubled, spec: { ...(doubled["spec"] as object), template } };

test("a writer is told by a header what to change", async () => {
  const { ask } = await kubeFixture();
  const made = await ask("POST", deployments, object);
  expect(made.status).toBe(201);
  expect(made.headers.get("warning")).toBe(hidden(1));
  const path = `${deployments}/web`;
  const scaled = await ask("PATCH", path, { spec: { replicas: 5 } }, { type: mergePatchType });
  expect(scaled.headers.get("warning")).toBe(hidden(1));
  const labelled = await ask(
    "PATCH",
    path,
    { metadata: { labels: { a: "b" } } },
    { type: mergePatchType },
  );
  expect(labelled.status).toBe(200);
  expect(labelled.headers.get("warning")).toBeNull();
});

test("a status has no warnings, nor has what is refused", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", deployments, object);
  const status = await ask("PUT", `${deployments}/web/status`, object);
  expect(status.status).toBe(200);
  expect(status.headers.get("warning")).toBeNull();
  const refused = await ask("POST", deployments, { ...object, spec: { template } });
  expect(refused.status).toBe(422);
  expect(refused.headers.get("warning")).toBeNull();
});

test("who applies is told too", async () => {
  const { ask } = await kubeFixture();
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { clusterIP: "None", ports: [{ port: 80 }], sessionAffinity: "ClientIP" },
  };
  const path = "/api/v1/namespaces/shop/services/web?fieldManager=me";
  const applied = await ask("PATCH", path, service, { type: applyType });
  expect(applied.status).toBe(201);
  expect(applied.headers.get("warning")).toBe(
    '299 - "spec.SessionAffinity is ignored for headless services"',
  );
});

test("each client of Endpoints is told of what replaces them", async () => {
  const { ask } = await kubeFixture();
  const list = await ask("GET", "/api/v1/namespaces/shop/endpoints");
  expect(list.headers.get("warning")).toBe(
    '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
  );
});

test("few long warnings are told in full", () => {
  const warnings = ["a".repeat(2_000), "b".repeat(2_000)];
  expect(respond({}, { warnings }).headers.get("warning")).toBe(
    warnings.map((each) => `299 - "${each}"`).join(", "),
  );
});

test("of too many long warnings each is cut, and the last are not told", () => {
  const warnings = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(300, "x"));
  const told = respond({}, { warnings }).headers.get("warning")?.split(", ") ?? [];
  expect(told).toHaveLength(16);
  expect(told[0]).toBe(`299 - "${"0".padEnd(256, "x")}"`);
});
