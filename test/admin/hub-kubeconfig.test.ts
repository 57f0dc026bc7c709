import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { hubKubeconfig } from "../../shared/admin/hub-kubeconfig.ts";
import { fleetArmId } from "../builders.ts";

const server = `https://fleet.contoso.com${fleetArmId}/hub`;

function load(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

test("a kubeconfig with a token leads to the hub, trusting the authority that it names", () => {
  const certificateAuthority = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  const config = load(
    hubKubeconfig({
      name: "fleet-1",
      server,
      certificateAuthority,
      login: { kind: "token", token: 'a.b"c' },
    }),
  );
  expect(config.getCurrentContext()).toBe("fleet-1");
  expect(config.getCurrentCluster()).toMatchObject({
    server,
    caData: Buffer.from(certificateAuthority).toString("base64"),
  });
  expect(config.getCurrentUser()?.token).toBe('a.b"c');
});

test("a kubeconfig for kubelogin holds no secret", () => {
  const login = { kind: "kubelogin", serverId: "app", tenantId: "tenant" } as const;
  const config = load(hubKubeconfig({ name: "fleet-1", server, login }));
  const user = config.getCurrentUser();
  expect(user?.token).toBeUndefined();
  expect(user?.exec).toMatchObject({
    command: "kubelogin",
    args: ["get-token", "--login", "azurecli", "--server-id", "app", "--tenant-id", "tenant"],
  });
  expect(config.getCurrentCluster()?.caData).toBeUndefined();
});
