import { z } from "zod";
import { emitDone } from "../accept.ts";
import { badRequest, notFound } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { OperationFailure } from "../operations.ts";
import { page } from "../page.ts";
import { idOf, nameOf, subscriptionOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { Resource } from "../resource.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { sameText } from "../state.ts";
import { parseBody } from "./body.ts";
import { checkGroup } from "./managed-cluster-create.ts";
import { tagsInput } from "./managed-cluster-input.ts";
import {
  acceptNetwork,
  homeRegions,
  networkAnswer,
  networkBody,
  publicIpType,
  regionOf,
  skuInput,
  skuOf,
  tagsBody,
  takeLock,
} from "./network-model.ts";

export interface PublicIpProperties {
  readonly provisioningState: string;
  readonly ipAddress?: string;
  readonly dnsSettings?: { readonly domainNameLabel?: string; readonly fqdn?: string };
  /** The frontend that uses it. */
  readonly ipConfiguration?: { readonly id: string };
  readonly [more: string]: unknown;
}

export type PublicIp = Resource<PublicIpProperties>;

const input = z.looseObject({
  location: z.string().min(1),
  tags: tagsInput.optional(),
  sku: skuInput.optional(),
  zones: z.array(z.string()).optional(),
  properties: z
    .looseObject({
      publicIPAllocationMethod: z.enum(["Static", "Dynamic"]).optional(),
      publicIPAddressVersion: z.enum(["IPv4", "IPv6"]).optional(),
      dnsSettings: z
        .looseObject({
          domainNameLabel: z
            .string()
            .regex(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/)
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

type Input = z.infer<typeof input>;

/** @see https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses */
export const publicIpAddress: ResourceKind = {
  type: publicIpType,
  get: (cloud, { path }) => networkAnswer(200, readPublicIp(cloud, idOf(path, publicIpType))),
  put: putPublicIp,
  patch: (cloud, request) => {
    const before = readPublicIp(cloud, idOf(request.path, publicIpType));
    checkPreconditions(request, before.etag);
    const { tags } = parseBody(request, tagsBody);
    const saved = cloud.state.save({ ...before, ...(tags === undefined ? {} : { tags }) });
    emitDone(cloud, request, { resourceId: saved.id, name: `${publicIpType}/write` });
    return networkAnswer(200, saved);
  },
  remove: deletePublicIp,
  list: (cloud, request) =>
    page(cloud, request, inScope(cloud, request, publicIpType).map(networkBody)),
};

/** Those of a resource group, or of the subscription when the path names no group. */
export function inScope(
  { state }: Pick<Cloud, "state">,
  { path }: ArmRequest,
  type: string,
): readonly Resource[] {
  const { subscriptionId, resourceGroup } = path;
  if (resourceGroup !== undefined) {
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    return state.list(`${group}/providers/${type}`);
  }
  return state.all(type).filter(({ id }) => sameText(subscriptionOf(id), subscriptionId));
}

export function findPublicIp({ state }: Pick<Cloud, "state">, id: string): PublicIp | undefined {
  return state.read(id) as PublicIp | undefined;
}

function readPublicIp(cloud: Cloud, id: string): PublicIp {
  const found = findPublicIp(cloud, id);
  if (found === undefined) throw notFound(id);
  return found;
}

function putPublicIp(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const id = idOf(request.path, publicIpType);
  const before = findPublicIp(cloud, id);
  checkPreconditions(request, before?.etag);
  const wanted = parseBody(request, input);
  checkGroup(cloud, id, wanted.location);
  takeLock(cloud, id);
  const saved = savePublicIp(cloud, before?.id ?? id, wanted);
  return acceptNetwork(cloud, request, {
    resource: saved,
    name: `${publicIpType}/write`,
    isCreation: before === undefined,
    steps: [{ kind: "allocate", afterSeconds: cloud.durations.networkSeconds }],
    answer: networkAnswer(before === undefined ? 201 : 200, saved),
  });
}

/** The address as it is wanted; it has no IP before `allocatePublicIp`. */
export function savePublicIp(cloud: Pick<Cloud, "state">, id: string, wanted: Input): PublicIp {
  const before = findPublicIp(cloud, id);
  const sku = { name: wanted.sku?.name ?? "Standard", tier: wanted.sku?.tier ?? "Regional" };
  if (before !== undefined && skuOf(before).tier !== sku.tier) {
    throw badRequest(
      "PublicIPAddressSkuTierCannotBeChanged",
      `The tier of public IP address ${id} cannot be changed from ${skuOf(before).tier}.`,
      "sku.tier",
    );
  }
  const dnsSettings = dnsOf(cloud, { id, wanted });
  return cloud.state.save<PublicIpProperties>({
    id,
    name: nameOf(id),
    type: publicIpType,
    location: regionOf(wanted.location),
    ...(wanted.tags === undefined ? {} : { tags: wanted.tags }),
    beside: { sku, ...(wanted.zones === undefined ? {} : { zones: wanted.zones }) },
    properties: {
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      idleTimeoutInMinutes: 4,
      ipTags: [],
      ...wanted.properties,
      ...kept(before),
      ...(dnsSettings === undefined ? {} : { dnsSettings }),
      provisioningState: "Updating",
    } as PublicIpProperties,
  });
}

/** What a PUT does not change: the address and who uses it. */
function kept(before: PublicIp | undefined) {
  if (before === undefined) return { resourceGuid: crypto.randomUUID() };
  const { ipAddress, ipConfiguration } = before.properties;
  return {
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(ipConfiguration === undefined ? {} : { ipConfiguration }),
    resourceGuid: before.properties["resourceGuid"],
  };
}

function dnsOf({ state }: Pick<Cloud, "state">, { id, wanted }: { id: string; wanted: Input }) {
  const label = wanted.properties?.dnsSettings?.domainNameLabel;
  if (label === undefined) return undefined;
  const fqdn = `${label}.${regionOf(wanted.location)}.cloudapp.azure.com`;
  const other = (state.all(publicIpType) as unknown as readonly PublicIp[]).find(
    (each) => !sameText(each.id, id) && each.properties.dnsSettings?.fqdn === fqdn,
  );
  if (other === undefined) return { ...wanted.properties?.dnsSettings, fqdn };
  throw badRequest("DnsRecordInUse", `DNS record ${fqdn} is already used by another public IP.`);
}

/**
 * Gives it an address of its own and says that it is there. A Global one is anycast, and only the
 * home regions have any.
 *
 * @throws OperationFailure `GlobalVipAllocationFailedWithVipRangeNotFound`
 */
export function allocatePublicIp(
  { state }: Pick<Cloud, "state">,
  id: string,
): PublicIp | undefined {
  const resource = findPublicIp({ state }, id);
  if (resource === undefined) return undefined;
  const isGlobal = skuOf(resource).tier === "Global";
  if (isGlobal && !homeRegions.includes(regionOf(resource.location ?? ""))) {
    throw new OperationFailure({
      code: "GlobalVipAllocationFailedWithVipRangeNotFound",
      message:
        "No matching cross-region PublicIPAddress range could be found. Please make sure the " +
        "location of the cross-region PublicIPAddress is in the list of supported home regions. " +
        "For supported home regions visit aka.ms/homeregionForGLB",
    });
  }
  const ipAddress = resource.properties.ipAddress ?? nextAddress({ state }, isGlobal);
  const properties = { ...resource.properties, ipAddress, provisioningState: "Succeeded" };
  return state.save<PublicIpProperties>({ ...resource, properties });
}

/** From TEST-NET blocks, which lead nowhere on the real internet, then from 240.0.0.0/8. */
function nextAddress({ state }: Pick<Cloud, "state">, isGlobal: boolean): string {
  const count = Number(state.noted("addresses") ?? 0) + 1;
  state.note("addresses", count);
  if (count < 255) return `${isGlobal ? "198.51.100" : "203.0.113"}.${count}`;
  const [high, middle, low] = [(count >> 16) & 255, (count >> 8) & 255, count & 255];
  return `240.${high}.${middle}.${low}`;
}

function deletePublicIp(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const before = findPublicIp(cloud, idOf(request.path, publicIpType));
  if (before === undefined) return { status: 204 };
  checkPreconditions(request, before.etag);
  const user = before.properties.ipConfiguration?.id;
  if (user !== undefined) {
    throw badRequest(
      "PublicIPAddressCannotBeDeleted",
      `Public IP address ${before.id} can not be deleted since it is still allocated to resource ` +
        `${user}. In order to delete the public IP, disassociate/detach the Public IP address ` +
        "from the resource.",
    );
  }
  takeLock(cloud, before.id);
  const properties = { ...before.properties, provisioningState: "Deleting" };
  const saved = cloud.state.save({ ...before, properties });
  return acceptNetwork(cloud, request, {
    resource: saved,
    name: `${publicIpType}/delete`,
    isCreation: false,
    steps: [{ kind: "remove", afterSeconds: cloud.durations.networkSeconds }],
    answer: { status: 202 },
  });
}
