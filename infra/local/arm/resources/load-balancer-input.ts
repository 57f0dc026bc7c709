import { z } from "zod";
import { tagsInput } from "./managed-cluster-input.ts";
import { reference, skuInput } from "./network-model.ts";

const name = z.string().regex(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/);
const port = z.int().min(0).max(65_535);
const frontendsMax = 600;
const rulesMax = 1_500;
const probesMax = 600;
const poolsMax = 600;

const frontend = z.looseObject({
  name,
  zones: z.array(z.string()).optional(),
  properties: z
    .looseObject({
      publicIPAddress: reference.optional(),
      subnet: reference.optional(),
      privateIPAddress: z.string().optional(),
    })
    .optional(),
});

const address = z.looseObject({
  name,
  properties: z
    .looseObject({
      ipAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
      virtualNetwork: reference.optional(),
      subnet: reference.optional(),
      adminState: z.enum(["None", "Up", "Down"]).optional(),
      loadBalancerFrontendIPConfiguration: reference.optional(),
    })
    .optional(),
});

export const poolProperties = z.looseObject({
  loadBalancerBackendAddresses: z.array(address).optional(),
  virtualNetwork: reference.optional(),
  syncMode: z.enum(["Automatic", "Manual"]).optional(),
  drainPeriodInSeconds: z.int().min(0).optional(),
});

const pool = z.looseObject({ name, properties: poolProperties.optional() });

const rule = z.looseObject({
  name,
  properties: z.looseObject({
    frontendIPConfiguration: reference.optional(),
    backendAddressPool: reference.optional(),
    backendAddressPools: z.array(reference).optional(),
    probe: reference.optional(),
    protocol: z.enum(["Tcp", "Udp", "All", "Quic"]),
    frontendPort: port,
    backendPort: port.optional(),
    idleTimeoutInMinutes: z.int().min(4).max(100).optional(),
    enableFloatingIP: z.boolean().optional(),
  }),
});

const probe = z.looseObject({
  name,
  properties: z.looseObject({
    protocol: z.enum(["Http", "Tcp", "Https"]),
    port: z.int().min(1).max(65_535),
    requestPath: z.string().optional(),
    intervalInSeconds: z.int().min(5).optional(),
    numberOfProbes: z.int().min(1).optional(),
    probeThreshold: z.int().min(1).max(100).optional(),
  }),
});

/** The body of a PUT, with the limits of the service. */
export const loadBalancerInput = z.looseObject({
  location: z.string().min(1),
  tags: tagsInput.optional(),
  sku: skuInput.optional(),
  properties: z
    .looseObject({
      frontendIPConfigurations: z.array(frontend).max(frontendsMax).optional(),
      backendAddressPools: z.array(pool).max(poolsMax).optional(),
      loadBalancingRules: z.array(rule).max(rulesMax).optional(),
      probes: z.array(probe).max(probesMax).optional(),
    })
    .optional(),
});

export type LoadBalancerInput = z.infer<typeof loadBalancerInput>;
export type Frontend = Part<z.infer<typeof frontend>>;
export type BackendPool = Part<z.infer<typeof pool>>;
export type Rule = Part<z.infer<typeof rule>>;
export type Probe = Part<z.infer<typeof probe>>;

/** A part of a load balancer as it is kept: with its id, and properties that are there. */
type Part<Input extends { properties?: unknown }> = Input & {
  readonly id: string;
  readonly type: string;
  readonly properties: NonNullable<Input["properties"]> & { readonly [more: string]: unknown };
};
