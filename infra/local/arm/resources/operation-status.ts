import { monitorUrl, retryAfter } from "../accept.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import type { Operation } from "../operation.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { type Pool, poolBody, poolType } from "./cluster-model.ts";

/** Both places where an operation of a provider is followed. */
export function operationKinds(provider: string): readonly ResourceKind[] {
  return [
    { type: `${provider}/locations/operations`, get: status },
    { type: `${provider}/locations/operationresults`, get: result },
  ];
}

/** `Azure-AsyncOperation`: always 200, whatever has become of it. */
function status(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const operation = readOperation(cloud, request);
  const { id, startedAt, endedAt, error } = operation;
  return {
    status: 200,
    headers: operation.status === "InProgress" ? retryAfter(cloud) : {},
    body: {
      id: request.url.pathname,
      name: id,
      status: operation.status,
      startTime: startedAt,
      ...(endedAt === undefined ? {} : { endTime: endedAt }),
      ...(error === undefined ? {} : { error }),
    },
  };
}

/** `Location`: 202 until it has ended, then what the operation returns. */
function result(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const operation = readOperation(cloud, request);
  if (operation.status === "InProgress") {
    const location = monitorUrl(cloud, operation, "operationresults");
    return { status: 202, headers: { location, ...retryAfter(cloud) } };
  }
  if (operation.error !== undefined) {
    throw new ArmError(operation.status === "Canceled" ? 409 : 400, operation.error);
  }
  const resource = cloud.state.read(operation.resourceId);
  return resource?.type === poolType
    ? { status: 200, body: poolBody(resource as unknown as Pool) }
    : { status: 204 };
}

function readOperation({ state }: Cloud, { path }: ArmRequest): Operation {
  const id = path.names[1] ?? "";
  const operation = state.operation(id.toLowerCase());
  if (operation?.subscriptionId.toLowerCase() === path.subscriptionId.toLowerCase()) {
    return operation;
  }
  throw new ArmError(404, {
    code: "OperationNotFound",
    message: `The operation '${id}' was not found.`,
  });
}
