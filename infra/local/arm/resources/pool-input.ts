import { z } from "zod";
import { badRequest } from "../arm-error.ts";
import { type Catalogue, latestImage } from "../versions.ts";
import type { PoolProperties } from "./cluster-model.ts";

/** Linux pools have up to 12 characters, Windows pools up to 6. */
const poolName = z.string().regex(/^[a-z][a-z0-9]{0,11}$/);
const nodesMax = 1_000;

/** A node pool as a caller describes it; what it does not know it keeps. */
export const poolInput = z.looseObject({
  count: z.int().min(0).max(nodesMax).optional(),
  vmSize: z.string().optional(),
  osType: z.enum(["Linux", "Windows"]).optional(),
  osSKU: z.string().optional(),
  mode: z.enum(["System", "User", "Gateway"]).optional(),
  orchestratorVersion: z.string().optional(),
  nodeImageVersion: z.string().optional(),
  upgradeSettings: z.looseObject({ maxSurge: z.string().optional() }).optional(),
});

export const namedPoolInput = poolInput.extend({ name: poolName });

export type PoolInput = z.infer<typeof poolInput>;

/** Set by AKS alone; what a caller echoes of them is dropped. */
const readOnly = [
  "name",
  "eTag",
  "provisioningState",
  "powerState",
  "currentOrchestratorVersion",
  "orchestratorVersion",
  "nodeImageVersion",
  "status",
];

/** @throws ArmError 400 `InvalidParameter` when `name` is no name for a pool */
export function checkPoolName(name: string): void {
  if (poolName.safeParse(name).success) return;
  throw badRequest(
    "InvalidParameter",
    `The value of parameter agentPoolProfile.name is invalid: "${name}" must start with a ` +
      "lowercase letter, have max length of 12, and only have characters a-z0-9.",
    "agentPoolProfile.name",
  );
}

/** What the caller wants beyond versions. */
export function withoutReadOnly(input: PoolInput): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !readOnly.includes(name)));
}

/** A pool that is being made, with AKS's defaults. */
export function newPool(
  input: PoolInput,
  { catalogue, version }: { readonly catalogue: Catalogue; readonly version: string },
): PoolProperties {
  const osType = input.osType ?? "Linux";
  const osSKU = input.osSKU ?? (osType === "Windows" ? "Windows2022" : "Ubuntu");
  return {
    vmSize: "Standard_D4ds_v5",
    type: "VirtualMachineScaleSets",
    maxPods: 250,
    enableAutoScaling: false,
    upgradeSettings: { maxSurge: "10%" },
    ...withoutReadOnly(input),
    count: input.count ?? 1,
    mode: input.mode ?? "User",
    osType,
    osSKU,
    orchestratorVersion: version,
    currentOrchestratorVersion: version,
    nodeImageVersion: latestImage(catalogue, { osType, osSKU }),
    provisioningState: "Creating",
    powerState: { code: "Running" },
  };
}
