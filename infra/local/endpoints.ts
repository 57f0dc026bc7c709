/** `.local/endpoints.json`: all that an outside program needs to drive the laptop cloud. */
export interface Endpoints {
  /** The Kubernetes API of the fleet. */
  readonly hub: string;
  /** The product's ARM API of fleets. */
  readonly admin: string;
  /** The simulated Azure Resource Manager, with AKS and networks. */
  readonly arm: string;
  /** The product's own Event Grid topic. */
  readonly eventGrid: string;
  readonly cosmos: string;
  readonly queues: string;
  /** The authority host of the token issuer. */
  readonly issuer: string;
  readonly eventGridKey: string;
  readonly caFile: string;
  readonly kubeconfig: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What to ask tokens for: "api://…/.default". */
  readonly scope: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly fleetName: string;
}
