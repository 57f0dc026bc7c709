import { readFile } from "node:fs/promises";
import { type HubLogin, hubKubeconfig } from "./admin/hub-kubeconfig.ts";
import type { AdminFace } from "./admin/served-resource.ts";
import type { Config } from "./config.ts";
import { parseArmId } from "./lib/arm-id.ts";

/** Where the ARM face runs, and how people sign in to the hub that it tells of. */
export function adminFace(config: Config): AdminFace {
  const publicUrl = config.PUBLIC_URL.replace(/\/$/, "");
  const login: HubLogin = {
    kind: "kubelogin",
    serverId: config.API_CLIENT_ID,
    tenantId: config.AZURE_TENANT_ID,
  };
  return {
    publicUrl,
    authorizationUri: `${config.AZURE_AUTHORITY_HOST}/${config.AZURE_TENANT_ID}`,
    kubeconfigFor: async ({ armId }) =>
      hubKubeconfig({
        name: parseArmId(armId)?.name ?? "hub",
        server: `${publicUrl}${armId}/hub`,
        login,
        ...(config.HUB_CA_FILE !== undefined && {
          certificateAuthority: await readFile(config.HUB_CA_FILE, "utf8"),
        }),
      }),
  };
}
