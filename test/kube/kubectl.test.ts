import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploymentOf, widgetOf } from "./kube-fixture.ts";
import { findKubectls, type Kubectl, noKubectl, programName, startKubectl } from "./kubectl.ts";

const [program, ...others] = findKubectls();

describe.skipIf(program === undefined)(`kubectl (skipped when ${noKubectl})`, () => {
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await startKubectl(program ?? "");
  });
  afterAll(async () => await kubectl.close());

  /** Runs it, expects it to succeed and gives what it printed. */
  async function ok(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await kubectl.run(...args);
    expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" });
    return out;
  }

  test("applies, shows, changes and deletes a Deployment", async () => {
    const file = await kubectl.file("web.json", deploymentOf("web", "nginx:1"));
    expect(await ok("apply", "-f", file)).toBe("deployment.apps/web created\n");
    expect(await ok("apply", "-f", file)).toBe("deployment.apps/web unchanged\n");
    const shown = await ok("get", "deploy", "-o", "wide");
    expect(shown).toMatch(/NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR/);
    expect(shown).toMatch(/web +0\/2 +0 +0 +\d+s +main +nginx:1 +app=web/);
    const next = await kubectl.file("web-2.json", deploymentOf("web", "nginx:2"));
    expect(await ok("diff", "-f", file)).toBe("");
    expect(await ok("apply", "-f", next)).toBe("deployment.apps/web configured\n");
    await ok("set", "image", "deploy/web", "main=nginx:3");
    await ok("scale", "deploy/web", "--replicas=5");
    await ok("label", "deploy/web", "tier=front");
    await ok("annotate", "deploy/web", "note=here");
    await ok("rollout", "restart", "deploy/web");
    const path = "{.spec.replicas} {.spec.template.spec.containers[0].image} {.metadata.labels}";
    expect(await ok("get", "deploy/web", "-o", `jsonpath=${path}`)).toBe(
      '5 nginx:3 {"app":"web","tier":"front"}',
    );
    expect(await ok("describe", "deploy/web")).toMatch(/Replicas: +5 desired/);
    expect(await ok("get", "deploy", "-l", "tier in (front,back)", "-o", "name")).toBe(
      "deployment.apps/web\n",
    );
    expect(await ok("get", "all", "-A")).toMatch(/shop +deployment.apps\/web/);
    expect(await ok("delete", "deploy/web")).toMatch(/deleted/);
    expect((await kubectl.run("get", "deploy/web")).err).toBe(
      'Error from server (NotFound): deployments.apps "web" not found\n',
    );
  });

  test("applies on the server, and is told of conflicts", async () => {
    const file = await kubectl.file("w.json", widgetOf("w", { size: 1 }));
    const other = await kubectl.file("w2.json", widgetOf("w", { size: 2 }));
    const side = ["apply", "--server-side", "--field-manager=ann", "-f"] as const;
    expect(await ok(...side, file)).toBe("widget.example.com/w serverside-applied\n");
    const asBob = ["apply", "--server-side", "--field-manager=bob"];
    const { code, err } = await kubectl.run(...asBob, "-f", other);
    expect(code).toBe(1);
    expect(err).toMatch(/Apply failed with 1 conflict: conflict with "ann": .spec.size/);
    await ok(...asBob, "--force-conflicts", "-f", other);
    expect(await ok("get", "widget/w", "-o", "jsonpath={.spec.size}")).toBe("2");
    // What was applied by the client before is taken over field by field.
    await ok("apply", "--server-side", "--force-conflicts", "-f", file);
    const drifted = await ok("diff", "--server-side", "--force-conflicts", "-f", file);
    expect(drifted).toBe("");
  });

  test("says what is wrong with a manifest, in its own words", async () => {
    const odd = await kubectl.file("odd.json", widgetOf("odd", { size: 1, sise: 2 }));
    const unknown = await kubectl.run("apply", "-f", odd);
    expect(unknown.err).toMatch(/strict decoding error: unknown field "spec.sise"/);
    const large = await kubectl.file("large.json", widgetOf("large", { size: 99 }));
    const invalid = await kubectl.run("apply", "-f", large);
    expect(invalid.err).toBe(
      'The Widget "large" is invalid: spec.size: Invalid value: 99: spec.size in body should be ' +
        "less than or equal to 10\n",
    );
    const anyway = await kubectl.run("apply", "--validate=warn", "-f", odd);
    expect(anyway.err).toMatch(/Warning: unknown field "spec.sise"/);
    expect(anyway.code).toBe(0);
  });

  test("explains kinds and lists what there is", async () => {
    expect(await ok("explain", "widget.spec.size")).toMatch(
      /FIELD: size <integer>[\s\S]*How large/,
    );
    expect(await ok("explain", "widget", "--recursive")).toMatch(/parts[\s\S]*weight/);
    expect(await ok("api-resources", "--api-group=example.com")).toMatch(
      /widgets +wd +example.com\/v1 +true +Widget/,
    );
    expect(await ok("api-versions")).toMatch(/^apps\/v1$/m);
    expect(await ok("version")).toMatch(/Server Version: v1.34.1/);
  });

  test("creates what it sends as protobuf", async () => {
    await ok("create", "namespace", "proto");
    await ok("create", "configmap", "c", "--from-literal=a=1", "--from-literal=b=");
    await ok("create", "secret", "generic", "s", "--from-literal=a=1");
    await ok("create", "serviceaccount", "sa");
    await ok("create", "deployment", "d", "--image=nginx:1", "--replicas=0", "--port=80");
    await ok("create", "service", "loadbalancer", "l", "--tcp=80:8080");
    await ok("create", "role", "r", "--verb=get,list", "--resource=pods");
    await ok("create", "cronjob", "j", "--image=x", "--schedule=*/5 * * * *");
    await ok("create", "priorityclass", "p", "--value=0");
    expect(await ok("get", "configmap/c", "-o", "jsonpath={.data}")).toBe('{"a":"1","b":""}');
    expect(await ok("get", "secret/s", "-o", "jsonpath={.data.a} {.type}")).toBe("MQ== Opaque");
    expect(await ok("get", "deploy/d", "-o", "jsonpath={.spec.replicas}")).toBe("0");
    expect(await ok("get", "svc/l")).toMatch(/l +LoadBalancer +<none> +<pending> +80\/TCP/);
    expect(await ok("get", "priorityclass/p", "-o", "jsonpath={.value}")).toBe("0");
  });

  test("asks who it is and what it may do", async () => {
    expect(await ok("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).toBe(
      "ann@contoso.com",
    );
    expect(await ok("auth", "can-i", "create", "deployments")).toBe("yes\n");
    expect(await ok("auth", "can-i", "--list")).toMatch(/\*\.\*/);
  });

  test("shows changes as they come", async () => {
    const rows = (out: string): number => out.split("\n").filter((line) => line !== "").length;
    const watching = kubectl.until((out) => rows(out) >= 4, "get", "widgets", "-w", "--watch-only");
    const began = (): boolean => kubectl.requests.some((each) => each.includes("watch=true"));
    await expect.poll(began, { timeout: 10_000 }).toBe(true);
    const file = await kubectl.file("seen.json", widgetOf("seen", { size: 1 }));
    await ok("apply", "-f", file);
    await ok("patch", "widget/seen", "--type=merge", "-p", '{"spec":{"size":2}}');
    await ok("delete", "widget/seen");
    const [head, ...seen] = (await watching).split("\n");
    expect(head).toMatch(/^NAME +SIZE$/);
    expect(seen.slice(0, 3).map((row) => row.split(/ +/).slice(0, 2).join(" "))).toEqual([
      "seen 1",
      "seen 2",
      "seen 2",
    ]);
  });

  test("waits for a condition and for a deletion", async () => {
    const file = await kubectl.file("slow.json", deploymentOf("slow", "nginx:1"));
    await ok("apply", "-f", file);
    const waiting = ok("wait", "deploy/slow", "--for=condition=Available", "--timeout=20s");
    const status = { conditions: [{ type: "Available", status: "True" }] };
    const patch = ["--type=merge", "-p", JSON.stringify({ status })];
    await ok("patch", "deploy/slow", "--subresource=status", ...patch);
    expect(await waiting).toBe("deployment.apps/slow condition met\n");
    const going = ok("wait", "deploy/slow", "--for=delete", "--timeout=20s");
    await ok("delete", "deploy/slow", "--wait=false");
    await going;
  });
});

describe.each(others.map((each) => [programName(each), each]))("%s", (_name, older) => {
  test("applies, explains, lists, patches and deletes", { timeout: 60_000 }, async () => {
    const kubectl = await startKubectl(older);
    try {
      const file = await kubectl.file("web.json", deploymentOf("web", "nginx:1"));
      const next = await kubectl.file("web-2.json", deploymentOf("web", "nginx:2"));
      const own = await kubectl.file("w.json", widgetOf("w", { size: 1 }));
      for (const args of [
        ["apply", "-f", file],
        ["apply", "-f", next],
        ["apply", "-f", own],
        ["apply", "--server-side", "--force-conflicts", "-f", own],
        ["get", "deploy,widget"],
        ["explain", "widget.spec"],
        ["create", "configmap", "c", "--from-literal=a=1"],
        ["set", "image", "deploy/web", "main=nginx:3"],
        ["delete", "-f", file],
      ]) {
        const { code, err } = await kubectl.run(...args);
        expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" });
      }
    } finally {
      await kubectl.close();
    }
  });
});
