import { emitDone } from "../accept.ts";
import { notFound } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { page } from "../page.ts";
import { idOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { parseBody } from "./body.ts";
import { checkDroppedFrontends, checkLoadBalancer } from "./load-balancer-check.ts";
import { loadBalancerInput } from "./load-balancer-input.ts";
import {
  assemble,
  findLoadBalancer,
  type LoadBalancer,
  type LoadBalancerProperties,
  linkAddresses,
  loadBalancerBody,
  type PartKind,
  partBody,
} from "./load-balancer-model.ts";
import { checkGroup } from "./managed-cluster-create.ts";
import { acceptNetwork, loadBalancerType, tagsBody, takeLock } from "./network-model.ts";
import { inScope } from "./public-ip-address.ts";

/**
 * A PUT is the whole load balancer: a part that it does not name is gone, and a backend pool that
 * it names without addresses is empty.
 *
 * @see https://learn.microsoft.com/rest/api/load-balancer/load-balancers
 */
export const loadBalancer: ResourceKind = {
  type: loadBalancerType,
  get: (cloud, request) => answer(200, readLoadBalancer(cloud, request)),
  put: putLoadBalancer,
  patch: (cloud, request) => {
    const before = readLoadBalancer(cloud, request);
    checkPreconditions(request, before.etag);
    const { tags } = parseBody(request, tagsBody);
    const saved = cloud.state.save({ ...before, ...(tags === undefined ? {} : { tags }) });
    emitDone(cloud, request, { resourceId: saved.id, name: `${loadBalancerType}/write` });
    return answer(200, saved);
  },
  remove: deleteLoadBalancer,
  list: (cloud, request) => {
    const all = inScope(cloud, request, loadBalancerType) as unknown as readonly LoadBalancer[];
    return page(cloud, request, all.map(loadBalancerBody));
  },
};

/** A part that is read by itself and written with the whole. */
export function partKind(kind: PartKind): ResourceKind {
  const type = `${loadBalancerType}/${kind}`;
  return {
    type,
    get: (cloud, request) => {
      const whole = readLoadBalancer(cloud, request);
      const name = request.path.names[1]?.toLowerCase();
      const part = whole.properties[kind].find((each) => each.name.toLowerCase() === name);
      if (part === undefined) throw notFound(idOf(request.path, type));
      return { status: 200, body: partBody(whole, part) };
    },
    list: (cloud, request) => {
      const whole = readLoadBalancer(cloud, request);
      return page(
        cloud,
        request,
        whole.properties[kind].map((part) => partBody(whole, part)),
      );
    },
  };
}

/** The load balancer that the path names, whatever is below it. @throws ArmError 404 */
export function readLoadBalancer(cloud: Cloud, { path }: ArmRequest): LoadBalancer {
  const id = idOf({ ...path, names: path.names.slice(0, 1) }, loadBalancerType);
  const found = findLoadBalancer(cloud, id);
  if (found === undefined) throw notFound(id);
  return found;
}

function answer(status: number, whole: LoadBalancer): ArmAnswer {
  return {
    status,
    headers: { etag: `W/"${whole.etag}"` },
    body: loadBalancerBody(whole),
  };
}

function putLoadBalancer(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const id = idOf(request.path, loadBalancerType);
  const before = findLoadBalancer(cloud, id);
  checkPreconditions(request, before?.etag);
  const wanted = assemble(before?.id ?? id, parseBody(request, loadBalancerInput));
  checkGroup(cloud, id, wanted.location ?? "");
  checkLoadBalancer(cloud, wanted, before);
  takeLock(cloud, wanted.id);
  const saved = saveLoadBalancer(cloud, wanted, before);
  return acceptNetwork(cloud, request, {
    resource: saved,
    name: `${loadBalancerType}/write`,
    isCreation: before === undefined,
    steps: [{ kind: "settle", afterSeconds: cloud.durations.networkSeconds }],
    answer: answer(before === undefined ? 201 : 200, saved),
  });
}

/** Keeps what the service made, and tells the public addresses who uses them. */
export function saveLoadBalancer(
  cloud: Pick<Cloud, "state">,
  wanted: Omit<LoadBalancer, "etag">,
  before: LoadBalancer | undefined,
): LoadBalancer {
  const { resourceGuid } = before?.properties ?? wanted.properties;
  const properties: LoadBalancerProperties = { ...wanted.properties, resourceGuid };
  const saved = cloud.state.save<LoadBalancerProperties>({ ...wanted, properties });
  linkAddresses(cloud, before, saved);
  return saved;
}

function deleteLoadBalancer(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const before = findLoadBalancer(cloud, idOf(request.path, loadBalancerType));
  if (before === undefined) return { status: 204 };
  checkPreconditions(request, before.etag);
  checkDroppedFrontends(cloud, [], before);
  takeLock(cloud, before.id);
  const properties = { ...before.properties, provisioningState: "Deleting" };
  const saved = cloud.state.save({ ...before, properties });
  return acceptNetwork(cloud, request, {
    resource: saved,
    name: `${loadBalancerType}/delete`,
    isCreation: false,
    steps: [{ kind: "remove", afterSeconds: cloud.durations.networkSeconds }],
    answer: { status: 202 },
  });
}
