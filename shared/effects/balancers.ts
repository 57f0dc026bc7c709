/** Azure load balancers of the fleet, through Azure Resource Manager. */
export interface Balancers {
  readonly [method: string]: never;
}
