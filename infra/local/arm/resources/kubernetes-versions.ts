import type { ResourceKind } from "../resource-kind.ts";
import { type KubernetesRelease, upgradesOf } from "../versions.ts";

/** What a region offers: `GET .../locations/{location}/kubernetesVersions`. */
export const kubernetesVersions: ResourceKind = {
  type: "Microsoft.ContainerService/locations/kubernetesVersions",
  list: (cloud, { path }) => {
    const catalogue = cloud.catalogue(path.names[0] ?? "");
    const values = catalogue.releases.map((release) => ({
      version: release.minor,
      capabilities: { supportPlan: supportPlans(release) },
      ...(release.isDefault === true ? { isDefault: true } : {}),
      ...(release.isPreview === true ? { isPreview: true } : {}),
      patchVersions: Object.fromEntries(
        release.patches.map((patch) => [patch, { upgrades: upgradesOf(catalogue, patch) }]),
      ),
    }));
    return { status: 200, body: { values } };
  },
};

function supportPlans({ isLongTermOnly, isPreview }: KubernetesRelease): readonly string[] {
  if (isLongTermOnly === true) return ["AKSLongTermSupport"];
  return isPreview === true ? ["KubernetesOfficial"] : ["KubernetesOfficial", "AKSLongTermSupport"];
}
