import { causeOf } from "../accept.ts";
import type { Cloud } from "../cloud.ts";
import { resourceEvent } from "../events.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";

/**
 * Stops what runs on a cluster or a pool; it stays where it has come to, `Canceled`. 204 also when
 * nothing runs.
 */
export function abortLatestOperation(
  cloud: Cloud,
  request: ArmRequest,
  target: { readonly resourceId: string; readonly lockId: string },
): ArmAnswer {
  const running = cloud.operations.running(target.lockId);
  if (running !== undefined) {
    cloud.operations.cancel(running, {
      code: "OperationPreempted",
      message: "The operation was aborted by a later abort operation.",
    });
  }
  cloud.emit(
    resourceEvent({
      resourceId: target.resourceId,
      operationName: "Microsoft.ContainerService/managedClusters/abort/action",
      outcome: "Success",
      cause: causeOf(request, false),
    }),
  );
  return { status: 204 };
}
