import { expect, test } from "vitest";
import { parseKubeconfig } from "../../../shared/azure/members/kubeconfig.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const kubeconfig = (cluster: object, user: object, context = "one") => `
apiVersion: v1
kind: Config
current-context: ${context}
clusters:
- name: c1
  cluster: ${JSON.stringify({
    server: "https://aks-1.hcp.eastus.azmk8s.io:443",
    "certificate-authority-data": base64("ca"),
    ...cluster,
  })}
users:
- name: u1
  user: ${JSON.stringify(user)}
contexts:
- name: one
  context: { cluster: c1, user: u1 }
`;

test("a client certificate is read as it is", () => {
  const user = { "client-certificate-data": base64("cert"), "client-key-data": base64("key") };
  expect(parseKubeconfig(kubeconfig({}, user))).toEqual({
    server: new URL("https://aks-1.hcp.eastus.azmk8s.io:443"),
    ca: "ca",
    certificate: { cert: "cert", key: "key" },
  });
});

test("a program that a kubeconfig names is not run, only its server's application is read", () => {
  const exec = {
    command: "/bin/evil",
    args: ["get-token", "--server-id", "app-1", "--login", "msi"],
  };
  expect(parseKubeconfig(kubeconfig({}, { exec })).token).toEqual({
    kind: "entra",
    serverId: "app-1",
  });
});

test.each([
  ["plain HTTP", kubeconfig({ server: "http://10.0.0.1" }, {}), /server/],
  [
    "a server that is not checked",
    kubeconfig({ "certificate-authority-data": undefined, "insecure-skip-tls-verify": true }, {}),
    /certificate-authority-data/,
  ],
  ["a context that is not there", kubeconfig({}, {}, "two"), /context "two" must be there/],
  ["text that is no YAML", "{", /must be YAML/],
  ["a huge text", " ".repeat(300_000), /must be at most 262144 bytes/],
])("%s is refused", (_name, text, reason) => {
  expect(() => parseKubeconfig(text)).toThrow(reason);
});
