import { z } from "zod";
import { badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { nameOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { sameText } from "../state.ts";
import { parseBody } from "./body.ts";
import { partKind, readLoadBalancer } from "./load-balancer.ts";
import { checkPool } from "./load-balancer-check.ts";
import { type BackendPool, poolProperties } from "./load-balancer-input.ts";
import { type LoadBalancer, partBody, poolIdsOf, withId } from "./load-balancer-model.ts";
import { acceptNetwork, loadBalancerType, takeLock } from "./network-model.ts";

const kind = "backendAddressPools";
const type = `${loadBalancerType}/${kind}`;
const input = z.looseObject({ properties: poolProperties.optional() });

/**
 * A PUT is the whole pool: an address that it does not name is gone. It shares the lock and the
 * etag of its load balancer.
 *
 * @see https://learn.microsoft.com/rest/api/load-balancer/load-balancer-backend-address-pools
 */
export const backendAddressPool: ResourceKind = { ...partKind(kind), type, put, remove };

function put(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const whole = readLoadBalancer(cloud, request);
  const before = findPool(whole, request);
  checkPreconditions(request, before === undefined ? undefined : whole.etag);
  if (whole.properties.frontendIPConfigurations.length === 0) {
    throw badRequest(
      "LoadBalancerWithoutFrontendIPCantHaveChildResources",
      `Load balancer ${whole.id} has no frontend IP configuration and cannot have child resources.`,
    );
  }
  const name = before?.name ?? request.path.names[1] ?? "";
  const pool: BackendPool = withId(whole.id, kind, { ...parseBody(request, input), name });
  checkPool(cloud, { wanted: whole, pool, before });
  takeLock(cloud, whole.id);
  const others = whole.properties[kind];
  const pools =
    before === undefined
      ? [...others, pool]
      : others.map((each) => (each === before ? pool : each));
  const saved = savePools(cloud, whole, pools);
  return accept(cloud, request, {
    whole: saved,
    pool,
    verb: "write",
    isCreation: before === undefined,
    answer: {
      status: before === undefined ? 201 : 200,
      headers: { etag: `W/"${saved.etag}"` },
      body: partBody(saved, {
        ...pool,
        properties: { ...pool.properties, provisioningState: "Updating" },
      }),
    },
  });
}

function remove(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const whole = readLoadBalancer(cloud, request);
  const before = findPool(whole, request);
  if (before === undefined) return { status: 204 };
  checkPreconditions(request, whole.etag);
  const user = whole.properties.loadBalancingRules.find((rule) =>
    poolIdsOf(rule).some((id) => sameText(id, before.id)),
  );
  if (user !== undefined) {
    throw badRequest(
      "LoadBalancerBackendAddressPoolInUse",
      `Backend address pool ${before.id} cannot be deleted since rule ${nameOf(user.id)} uses it.`,
    );
  }
  takeLock(cloud, whole.id);
  const saved = savePools(
    cloud,
    whole,
    whole.properties[kind].filter((each) => each !== before),
  );
  return accept(cloud, request, {
    whole: saved,
    pool: before,
    verb: "delete",
    isCreation: false,
    answer: { status: 202 },
  });
}

function findPool(whole: LoadBalancer, { path }: ArmRequest): BackendPool | undefined {
  return whole.properties[kind].find(({ name }) => sameText(name, path.names[1] ?? ""));
}

function savePools(cloud: Cloud, whole: LoadBalancer, pools: readonly BackendPool[]): LoadBalancer {
  const properties = {
    ...whole.properties,
    provisioningState: "Updating",
    backendAddressPools: pools,
  };
  return cloud.state.save({ ...whole, properties });
}

function accept(
  cloud: Cloud,
  request: ArmRequest,
  change: {
    readonly whole: LoadBalancer;
    readonly pool: BackendPool;
    readonly verb: "write" | "delete";
    readonly isCreation: boolean;
    readonly answer: ArmAnswer;
  },
): ArmAnswer {
  const { whole, pool, verb, isCreation, answer } = change;
  return acceptNetwork(cloud, request, {
    resource: whole,
    childId: pool.id,
    name: `${type}/${verb}`,
    isCreation,
    steps: [{ kind: "settle", afterSeconds: cloud.durations.networkSeconds }],
    answer,
  });
}
