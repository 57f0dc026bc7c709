import { z } from "zod";
import { emitDone } from "../accept.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { page } from "../page.ts";
import { nameOf } from "../path.ts";
import type { ArmRequest } from "../request.ts";
import type { Json, Resource } from "../resource.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { sameText } from "../state.ts";
import { parseBody } from "./body.ts";
import { tagsInput } from "./managed-cluster-input.ts";

const type = "Microsoft.Resources/resourceGroups";
const input = z.looseObject({ location: z.string().min(1), tags: tagsInput.optional() });
const patchInput = z.looseObject({ tags: tagsInput.optional() });

/** Resource groups: 201 and 200 at once. What is in one must be deleted before it. */
export const resourceGroup: ResourceKind = {
  type: "Microsoft.Resources/subscriptions/resourceGroups",
  get: (cloud, request) => ({ status: 200, body: bodyOf(readGroup(cloud, request)) }),
  put: (cloud, request) => {
    const id = groupId(request);
    const before = cloud.state.read(id);
    const { location, tags } = parseBody(request, input);
    checkSameLocation(before, location);
    const saved = saveResourceGroup(cloud, before?.id ?? id, { location, tags });
    const isCreation = before === undefined;
    emitDone(cloud, request, { resourceId: saved.id, name: `${groupType}/write`, isCreation });
    return { status: isCreation ? 201 : 200, body: bodyOf(saved) };
  },
  patch: (cloud, request) => {
    const before = readGroup(cloud, request);
    const { tags = before.tags } = parseBody(request, patchInput);
    const saved = cloud.state.save({ ...before, ...(tags === undefined ? {} : { tags }) });
    emitDone(cloud, request, { resourceId: saved.id, name: `${groupType}/write` });
    return { status: 200, body: bodyOf(saved) };
  },
  list: (cloud, request) => {
    const groups = cloud.state.list(`/subscriptions/${request.path.subscriptionId}/resourceGroups`);
    return page(cloud, request, groups.map(bodyOf));
  },
};

const groupType = "Microsoft.Resources/subscriptions/resourceGroups";

/** The subscription itself; every id that a caller may name is one. */
export const subscription: ResourceKind = {
  type: "Microsoft.Resources/subscriptions",
  get: (_cloud, { path: { subscriptionId } }) => ({
    status: 200,
    body: {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      displayName: `Local subscription ${subscriptionId}`,
      state: "Enabled",
    },
  }),
};

export function saveResourceGroup(
  { state }: Pick<Cloud, "state">,
  id: string,
  { location, tags }: { location: string; tags?: Readonly<Record<string, string>> | undefined },
): Resource {
  return state.save({
    id,
    name: nameOf(id),
    type,
    location,
    ...(tags === undefined ? {} : { tags }),
    properties: { provisioningState: "Succeeded" },
  });
}

function checkSameLocation(before: Resource | undefined, location: string): void {
  const { location: there = location, name = "" } = before ?? {};
  if (sameText(there, location)) return;
  throw badRequest(
    "InvalidResourceGroupLocation",
    `Invalid resource group location '${location}'. The Resource group '${name}' already exists ` +
      `in location '${there}'.`,
    "location",
  );
}

function groupId({ path }: ArmRequest): string {
  return `/subscriptions/${path.subscriptionId}/resourceGroups/${path.resourceGroup}`;
}

function readGroup({ state }: Cloud, request: ArmRequest): Resource {
  const id = groupId(request);
  const group = state.read(id);
  if (group !== undefined) return group;
  throw new ArmError(404, {
    code: "ResourceGroupNotFound",
    message: `Resource group '${nameOf(id)}' could not be found.`,
  });
}

function bodyOf({ id, name, location, tags, properties }: Resource): Json {
  return { id, name, type, location, ...(tags === undefined ? {} : { tags }), properties };
}
