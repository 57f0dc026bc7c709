import { randomUUID } from "node:crypto";
import { ArmError } from "./arm-error.ts";
import type { Cloud } from "./cloud.ts";
import { resourceEvent } from "./events.ts";
import type { Cause, Operation, OperationError, Step } from "./operation.ts";
import { nameOf } from "./path.ts";
import type { ArmAnswer, ArmRequest } from "./request.ts";

export interface Accepted {
  readonly resourceId: string;
  readonly lockId: string;
  readonly location: string;
  /** `Microsoft.Network/loadBalancers/write`. */
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly isCreation?: boolean;
}

/** An upgrade of a cluster with this tag fails at its first node, with the code that it names. */
const failingTag = "local-fail-upgrade";

/** Starts what takes time, with the failure that a fault or a tag has ready for it. */
export function startOperation(cloud: Cloud, request: ArmRequest, accepted: Accepted): Operation {
  const failsWith = plannedFailure(cloud, request, accepted);
  return cloud.operations.start({
    ...accepted,
    id: randomUUID(),
    subscriptionId: request.path.subscriptionId,
    provider: accepted.name.split("/")[0] ?? "",
    cause: causeOf(request, accepted.isCreation ?? false),
    ...(failsWith === undefined ? {} : { failsWith }),
  });
}

function plannedFailure(
  cloud: Cloud,
  request: ArmRequest,
  { resourceId, lockId, steps }: Accepted,
): OperationError | undefined {
  const action = request.method === "POST" ? request.path.tail : undefined;
  const target = { method: request.method, type: typeOf(request), action, id: resourceId };
  const fault = cloud.faults.strike(target, ["fail-operation"]);
  if (fault !== undefined) return { code: fault.code, message: fault.message };
  const code = cloud.state.read(lockId)?.tags?.[failingTag];
  const isUpgrade = steps.some(({ kind }) => kind === "nodes" || kind === "control-plane");
  if (code === undefined || !isUpgrade) return undefined;
  return { code, message: `Upgrade of ${nameOf(lockId)} failed: tag ${failingTag} asks for it.` };
}

/** The type without the action at its end. */
export function typeOf({ method, path }: ArmRequest): string {
  return method === "POST" && path.tail !== undefined
    ? path.type.slice(0, -path.tail.length - 1)
    : path.type;
}

export function causeOf(request: ArmRequest, isCreation: boolean): Cause {
  const header = request.headers["x-ms-client-request-id"];
  return {
    ...request.caller,
    method: request.method,
    url: request.url.href,
    clientRequestId: typeof header === "string" ? header.slice(0, 100) : randomUUID(),
    correlationId: randomUUID(),
    isCreation,
  };
}

/** For what is done at once: the one event that tells of it. */
export function emitDone(
  cloud: Cloud,
  request: ArmRequest,
  done: Omit<Accepted, "steps" | "lockId" | "location" | "title">,
): void {
  cloud.emit(
    resourceEvent({
      resourceId: done.resourceId,
      operationName: done.name,
      outcome: "Success",
      cause: causeOf(request, done.isCreation ?? false),
    }),
  );
}

/**
 * The headers to poll by. A PUT is followed at `Azure-AsyncOperation` alone, whose answer is
 * always 200; a DELETE and an action also at `Location`, which answers 202 until the end.
 */
export function acceptedAnswer(cloud: Cloud, operation: Operation, answer: ArmAnswer): ArmAnswer {
  const monitor = { "azure-asyncoperation": monitorUrl(cloud, operation, "operations") };
  const location = { location: monitorUrl(cloud, operation, "operationresults") };
  return {
    ...answer,
    headers: {
      ...monitor,
      ...(answer.status === 202 ? location : {}),
      ...retryAfter(cloud),
      ...answer.headers,
    },
  };
}

export function retryAfter({ pollSeconds }: Cloud): Readonly<Record<string, string>> {
  return pollSeconds === undefined ? {} : { "retry-after": String(pollSeconds) };
}

export function monitorUrl(cloud: Cloud, operation: Operation, kind: string): string {
  const { subscriptionId, provider, location, id } = operation;
  return (
    `${cloud.url()}/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}/` +
    `${kind}/${id}?api-version=2016-03-30`
  );
}

/** @throws ArmError 409 in the words of AKS while another operation runs on the cluster */
export function checkClusterIsFree(cloud: Cloud, clusterId: string): void {
  const running = cloud.operations.running(clusterId);
  if (running === undefined) return;
  throw new ArmError(
    409,
    {
      code: "OperationNotAllowed",
      message:
        `Operation is not allowed because there's an in progress ${running.title} operation on ` +
        `the managed cluster started at ${running.startedAt}. Please wait for it to finish ` +
        "before starting a new operation. See https://aka.ms/aks-pending-operation for more " +
        "details",
    },
    true,
  );
}
