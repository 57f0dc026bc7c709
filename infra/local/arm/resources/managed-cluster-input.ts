import { z } from "zod";
import { badRequest } from "../arm-error.ts";
import { namedPoolInput } from "./pool-input.ts";

const poolsMax = 100;
const tagsMax = 50;

export const tagsInput = z
  .record(z.string().max(512), z.string().max(256))
  .refine((tags) => Object.keys(tags).length <= tagsMax, `at most ${tagsMax} tags`);

export const clusterInput = z.looseObject({
  location: z.string().min(1),
  tags: tagsInput.optional(),
  identity: z.looseObject({}).optional(),
  sku: z.looseObject({ tier: z.string().optional() }).optional(),
  properties: z
    .looseObject({
      kubernetesVersion: z.string().optional(),
      dnsPrefix: z.string().optional(),
      nodeResourceGroup: z.string().optional(),
      supportPlan: z.string().optional(),
      autoUpgradeProfile: z.looseObject({ upgradeChannel: z.string().optional() }).optional(),
      agentPoolProfiles: z.array(namedPoolInput).max(poolsMax).optional(),
    })
    .optional(),
});

export type ClusterInput = z.infer<typeof clusterInput>;

/** Set by AKS alone, or kept elsewhere; what a caller echoes of them is dropped. */
const readOnly = [
  "provisioningState",
  "powerState",
  "currentKubernetesVersion",
  "kubernetesVersion",
  "agentPoolProfiles",
  "fqdn",
  "nodeResourceGroup",
  "status",
];

export function clusterExtras(input: ClusterInput): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(input.properties ?? {}).filter(([name]) => !readOnly.includes(name)),
  );
}

/** What stands beside `properties`. */
export function besideOf({ identity, sku }: ClusterInput): Readonly<Record<string, unknown>> {
  return {
    ...(identity === undefined ? {} : { identity }),
    sku: sku ?? { name: "Base", tier: "Free" },
  };
}

export function hasLongTermSupport(input: ClusterInput): boolean {
  return input.properties?.supportPlan === "AKSLongTermSupport" && input.sku?.tier === "Premium";
}

/** @throws ArmError 400 unless the pools have different names and one of them is for the system */
export function checkNewPools(input: ClusterInput): void {
  const pools = input.properties?.agentPoolProfiles ?? [];
  if (new Set(pools.map(({ name }) => name)).size !== pools.length) {
    throw badRequest("InvalidParameter", "Agent pool names must be unique.", "agentPoolProfiles");
  }
  if (!pools.some(({ mode }) => mode === "System")) {
    throw badRequest(
      "InvalidParameter",
      "Must define at least one system agent pool.",
      "agentPoolProfiles",
    );
  }
}
