import { z } from "zod";
import { emitDone } from "../accept.ts";
import { notFound } from "../arm-error.ts";
import { page } from "../page.ts";
import { idOf, nameOf, parentIdOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { Json, Resource } from "../resource.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { parseBody } from "./body.ts";
import { clusterType, readCluster } from "./cluster-model.ts";

const type = `${clusterType}/maintenanceConfigurations`;
const input = z.looseObject({ properties: z.looseObject({}).optional() });

/** Kept and shown; nothing here waits for a window, and neither does AKS for a user's own PUT. */
export const maintenanceConfiguration: ResourceKind = {
  type,
  get: (cloud, { path }) => {
    const id = idOf(path, type);
    const found = cloud.state.read(id);
    if (found === undefined) throw notFound(id);
    return { status: 200, body: bodyOf(found) };
  },
  put: (cloud, request) => {
    const id = idOf(request.path, type);
    const cluster = readCluster(cloud, parentIdOf(id));
    const before = cloud.state.read(id);
    checkPreconditions(request, before?.etag);
    const { properties = {} } = parseBody(request, input);
    const saved = cloud.state.save({
      id: before?.id ?? `${cluster.id}/maintenanceConfigurations/${nameOf(id)}`,
      name: before?.name ?? nameOf(id),
      type,
      properties,
    });
    const isCreation = before === undefined;
    emitDone(cloud, request, { resourceId: saved.id, name: `${type}/write`, isCreation });
    return { status: isCreation ? 201 : 200, body: bodyOf(saved) };
  },
  remove: (cloud, request) => {
    const before = cloud.state.read(idOf(request.path, type));
    if (before === undefined) return { status: 204 };
    checkPreconditions(request, before.etag);
    cloud.state.remove(before.id);
    emitDone(cloud, request, { resourceId: before.id, name: `${type}/delete` });
    return { status: 200 };
  },
  list: (cloud, request) => {
    const cluster = readCluster(cloud, idOf(request.path, clusterType));
    const all = cloud.state.list(`${cluster.id}/maintenanceConfigurations`);
    return page(cloud, request, all.map(bodyOf));
  },
};

function bodyOf({ id, name, properties }: Resource): Json {
  return { id, name, type, properties };
}
