/** Every kubectl found, against an API that has learnt what built-in kinds are. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { deploymentOf } from "../kube-fixture.ts";
import { type Kubectl, kubectlVersions, noKubectl, startKubectl } from "../kubectl.ts";
import { learntKinds } from "./learnt-kinds.ts";

const programs = kubectlVersions().map(({ program, minor }) => [`1.${minor}`, program] as const);

test.skipIf(programs.length > 0)(`nothing was run: ${noKubectl}`, () => {});

describe.each(programs)("kubectl %s", (version, program) => {
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await startKubectl(program, { kinds: learntKinds });
  });
  afterAll(async () => await kubectl.close());

  async function ok(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await kubectl.run(...args);
    expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" });
    return out;
  }

  const isOld = Number(version.split(".")[1]) < 27;

  test("explains built-in kinds with their fields and descriptions", async () => {
    const replicas = await ok("explain", "deployment.spec.replicas");
    expect(replicas).toMatch(/FIELD: +replicas <integer>/);
    expect(replicas).toMatch(/Number of desired pods/);
    const template = await ok("explain", "deployment.spec.template", "--recursive");
    expect(template).toMatch(/ports\s+<\[\]ContainerPort>|ports\s+<\[\]Object>/);
    expect(template).toMatch(/matchExpressions/);
    const quantity = await ok("explain", "pod.spec.containers.resources.limits");
    expect(quantity).toMatch(/map\[string\](Quantity|string)/);
    const recursive = await ok("explain", "crd.spec.versions.schema.openAPIV3Schema");
    expect(recursive).toMatch(/x-kubernetes-validations/);
    if (isOld) return;
    const plain = await ok("explain", "deployment.spec", "--output", "plaintext-openapiv2");
    expect(plain).toMatch(/replicas\s+<integer>/);
  });

  test("refuses a field that Kubernetes does not know", async () => {
    const web = deploymentOf("typo", "nginx:1");
    const file = await kubectl.file("typo.json", withSpec(web, { replica: 3 }));
    const { code, err } = await kubectl.run("apply", "--validate=true", "-f", file);
    expect(code).toBe(1);
    expect(err).toMatch(
      /unknown field "spec.replica"|unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec/,
    );
  });

  test("merges the lists of built-in kinds, of the client and of the server", async () => {
    const web = deploymentOf("web", "nginx:1");
    const file = await kubectl.file("web.json", web);
    await ok("apply", "-f", file);
    await ok("set", "env", "deploy/web", "B=2");
    const next = await kubectl.file("web-2.json", deploymentOf("web", "nginx:2"));
    expect(await ok("apply", "-f", next)).toBe("deployment.apps/web configured\n");
    const path = "{.spec.template.spec.containers[*].image} {..env[*].name}";
    expect(await ok("get", "deploy/web", "-o", `jsonpath=${path}`)).toBe("nginx:2 A B");
  });

  test("lets two managers share the containers of a Deployment", async () => {
    const apply = ["apply", "--server-side", "--validate=true"];
    const base = await kubectl.file("shared.json", deploymentOf("shared", "nginx:1"));
    await ok(...apply, "--field-manager=ann", "-f", base);
    const side = await kubectl.file("side.json", sidecarOf("shared", { name: "side", image: "s" }));
    await ok(...apply, "--field-manager=bob", "-f", side);
    await ok(...apply, "--field-manager=ann", "-f", base);
    const names = "jsonpath={.spec.template.spec.containers[*].name}";
    expect(await ok("get", "deploy/shared", "-o", names)).toBe("main side");
    const none = await kubectl.file("none.json", sidecarOf("shared"));
    await ok(...apply, "--field-manager=bob", "-f", none);
    expect(await ok("get", "deploy/shared", "-o", names)).toBe("main");
  });
});

const withSpec = (object: JsonObject, more: JsonObject): JsonObject => ({
  ...object,
  spec: { ...(object["spec"] as JsonObject), ...more },
});

/** What another manager adds to a Deployment; an old kubectl demands the selector in each. */
const sidecarOf = (name: string, ...containers: readonly JsonObject[]): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    selector: at(deploymentOf(name, ""), "spec", "selector") ?? {},
    template: { spec: { containers } },
  },
});
