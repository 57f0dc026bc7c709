import { clusterController } from "./fleet/cluster-controller.ts";
import { memberController } from "./fleet/controller.ts";
import { clusterKind, memberKind } from "./fleet/model.ts";
import { openApiController, openApiMemberController } from "./hub/open-api/controller.ts";
import { openApiKind, openApiMemberKind } from "./hub/open-api/model.ts";
import { definitionController } from "./hub/upkeep/definition-controller.ts";
import { garbageController } from "./hub/upkeep/garbage-controller.ts";
import { garbageKind } from "./hub/upkeep/garbage-key.ts";
import { definitionKind, namespaceKind } from "./hub/upkeep/kept-kinds.ts";
import { namespaceController } from "./hub/upkeep/namespace-controller.ts";
import type { Kind } from "./lib/document.ts";
import { candidateController } from "./placement/candidate-controller.ts";
import { placementController } from "./placement/controller.ts";
import { candidateKind, placementKind } from "./placement/model.ts";
import type { Controller, Controllers } from "./reconcile/controller.ts";
import { bindingController } from "./rollout/controller.ts";
import { bindingKind, countsKind } from "./rollout/model.ts";
import { progressController } from "./rollout/progress-controller.ts";
import { multiClusterServiceController } from "./traffic/controller.ts";
import { serviceImportController } from "./traffic/import-controller.ts";
import { exportSnapshotKind, multiClusterServiceKind, serviceImportKind } from "./traffic/model.ts";
import { exportSnapshotController } from "./traffic/snapshot-controller.ts";
import { groupController, memberProgressController, runController } from "./updates/controller.ts";
import { groupKind, memberProgressKind, runKind } from "./updates/model.ts";

/** Who keeps each kind of document true. */
export const controllers: Controllers = new Map<Kind, Controller>([
  [clusterKind, clusterController],
  [memberKind, memberController],
  [placementKind, placementController],
  [candidateKind, candidateController],
  [bindingKind, bindingController],
  [countsKind, progressController],
  [runKind, runController],
  [groupKind, groupController],
  [memberProgressKind, memberProgressController],
  [exportSnapshotKind, exportSnapshotController],
  [serviceImportKind, serviceImportController],
  [multiClusterServiceKind, multiClusterServiceController],
  [namespaceKind, namespaceController],
  [definitionKind, definitionController],
  [garbageKind, garbageController],
  [openApiKind, openApiController],
  [openApiMemberKind, openApiMemberController],
]);
