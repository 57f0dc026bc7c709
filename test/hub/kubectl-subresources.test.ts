/** What kubectl changes below an object, and how it selects by fields. */
import { expect, test } from "vitest";
import { onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

const labels = { app: "web", tier: "a" };

const controller = {
  apiVersion: "v1",
  kind: "ReplicationController",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: labels,
    template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx" }] } },
  },
};

const pem = "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n";

const signingRequest = (name: string) => ({
  apiVersion: "certificates.k8s.io/v1",
  kind: "CertificateSigningRequest",
  metadata: { name },
  spec: {
    signerName: "example.com/signer",
    request: Buffer.from(pem).toString("base64"),
    usages: ["client auth"],
    username: "somebody-else",
  },
});

const service = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});

onEachKubectl(
  (kubectl) => {
    const { ok, fails, file } = kubectl;

    test("a ReplicationController is scaled", async () => {
      await ok("create", "-f", await file("rc.json", controller));
      expect(await ok("scale", "rc/web", "--replicas=5", "--current-replicas=2")).toMatch(
        /web scaled\n$/,
      );
      const replicas = ["get", "rc", "web", "-o", "jsonpath={.spec.replicas}"];
      expect(await ok(...replicas)).toBe("5");
      expect(await fails("scale", "rc/web", "--replicas=1", "--current-replicas=2")).toMatch(
        /[Ee]xpected replicas to be 2, was 5/,
      );
    });

    test("a CertificateSigningRequest is approved or denied, and says who has asked", async () => {
      for (const [word, verb, shown] of [
        ["approve", "approved", "Approved"],
        ["deny", "denied", "Denied"],
      ] as const) {
        const name = `${word}-${kubectl.minor}`;
        await ok("create", "-f", await file(`${name}.json`, signingRequest(name)));
        expect(await ok("certificate", word, name)).toMatch(new RegExp(`${name} ${verb}\n$`));
        const columns = await ok("get", "csr", name, "--no-headers");
        expect(columns.trim().split(/\s+/).at(-1)).toBe(shown);
        const username = await ok("get", "csr", name, "-o", "jsonpath={.spec.username}");
        expect(username).not.toBe("");
        expect(username).not.toBe("somebody-else");
      }
      const denied = `deny-${kubectl.minor}`;
      expect(await fails("certificate", "approve", denied)).toMatch(/is already Denied/);
      const bySigner = "--field-selector=spec.signerName=example.com/signer";
      expect(await ok("get", "csr", bySigner, "-o", "name")).toContain(denied);
    });

    test("Services are selected by their type, also by the one that they do not name", async () => {
      await ok("create", "-f", await file("plain.json", service("plain", {})));
      await ok("create", "-f", await file("open.json", service("open", { type: "LoadBalancer" })));
      await ok("create", "-f", await file("none.json", service("none", { clusterIP: "None" })));
      const named = async (selector: string): Promise<string> =>
        await ok("get", "services", `--field-selector=${selector}`, "-o", "name");
      expect(await named("spec.type=ClusterIP")).toBe("service/none\nservice/plain\n");
      expect(await named("spec.type!=ClusterIP")).toBe("service/open\n");
      expect(await named("spec.clusterIP=None")).toBe("service/none\n");
      expect(await fails("get", "services", "--field-selector=spec.ports=1")).toMatch(
        /field label not supported: spec\.ports/,
      );
    });
  },
  { entries: someOfMatrix },
);
