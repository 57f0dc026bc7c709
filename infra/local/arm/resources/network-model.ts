/** Load balancers and public addresses as the simulation keeps them. */
import { z } from "zod";
import { acceptedAnswer, startOperation } from "../accept.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import type { Step } from "../operation.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { Json, Resource } from "../resource.ts";
import { tagsInput } from "./managed-cluster-input.ts";

export const loadBalancerType = "Microsoft.Network/loadBalancers";
export const publicIpType = "Microsoft.Network/publicIPAddresses";

/** Where a Global tier resource may live. @see https://aka.ms/homeregionForGLB */
export const homeRegions: readonly string[] = [
  "centralus",
  "eastasia",
  "eastus2",
  "northeurope",
  "southeastasia",
  "uksouth",
  "usgovvirginia",
  "westeurope",
  "westus",
];

export const skuInput = z.looseObject({
  name: z.enum(["Basic", "Standard", "StandardV2", "Gateway", "Service"]).optional(),
  tier: z.enum(["Regional", "Global"]).optional(),
});

export const tagsBody = z.looseObject({ tags: tagsInput.optional() });

export const reference = z.looseObject({ id: z.string().min(1) });

export interface Sku {
  readonly name: string;
  readonly tier: "Regional" | "Global";
}

export function skuOf({ beside }: Resource<object>): Sku {
  return beside?.["sku"] as Sku;
}

/** `West Europe` and `westeurope` are one region. */
export function regionOf(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}

/** The envelope of the network provider: a weak etag beside the properties. */
export function networkBody(resource: Resource<object>): Json {
  const { id, name, type, location, tags, beside, etag, properties } = resource;
  return {
    id,
    name,
    type,
    location,
    ...(tags === undefined ? {} : { tags }),
    ...beside,
    etag: `W/"${etag}"`,
    properties,
  };
}

export function networkAnswer(status: number, resource: Resource<object>): ArmAnswer {
  return {
    status,
    headers: { etag: `W/"${resource.etag}"` },
    body: networkBody(resource),
  };
}

/**
 * One change of a load balancer or an address at a time. What a second one meets is an option of
 * the simulation, because Azure does both: refuse it, or give up the first one for it.
 *
 * @throws ArmError 429 `RetryableErrorDueToAnotherOperation`
 */
export function takeLock(cloud: Cloud, resourceId: string): void {
  const running = cloud.operations.running(resourceId);
  if (running === undefined) return;
  if (cloud.whenBusy === "supersede") {
    const message = `Operation was superseded by a later operation on ${resourceId}.`;
    cloud.operations.cancel(running, {
      code: "Canceled",
      message: "Operation was canceled.",
      details: [{ code: "CanceledAndSupersededDueToAnotherOperation", message }],
    });
    return;
  }
  throw new ArmError(429, {
    code: "RetryableErrorDueToAnotherOperation",
    message:
      `Operation ${running.name} (${running.id}) is updating resource ${resourceId}. The call ` +
      "can be retried after it has ended.",
    retryAfterSeconds: cloud.pollSeconds ?? 1,
  });
}

/** Accepts a change of the network provider, which ends after its usual time. */
export function acceptNetwork(
  cloud: Cloud,
  request: ArmRequest,
  accepted: {
    readonly resource: Resource<object>;
    /** What the operation and its events name, when it is a child of `resource`. */
    readonly childId?: string;
    readonly name: string;
    readonly isCreation: boolean;
    readonly steps: readonly Step[];
    readonly answer: ArmAnswer;
  },
): ArmAnswer {
  const { resource, childId, name, isCreation, steps, answer } = accepted;
  const operation = startOperation(cloud, request, {
    resourceId: childId ?? resource.id,
    lockId: resource.id,
    location: regionOf(resource.location ?? ""),
    name,
    title: name,
    steps,
    isCreation,
  });
  return acceptedAnswer(cloud, operation, answer);
}
