import { builtInKinds } from "../kube/built-in/built-in-kinds.ts";
import { type Kinds, kindsOf } from "../kube/kinds.ts";
import { memberCluster } from "./kinds/member-cluster.ts";
import { multiClusterService } from "./kinds/multi-cluster-service.ts";
import { clusterResourcePlacement } from "./kinds/placement.ts";
import { oldClusterResourcePlacement } from "./kinds/placement-v1alpha1.ts";
import { serviceExport } from "./kinds/service-export.ts";
import { serviceImport } from "./kinds/service-import.ts";

/** All that a fleet's hub serves: the fleet's own kinds, and any built-in one as a template. */
export const hubKinds: Kinds = kindsOf([
  memberCluster,
  multiClusterService,
  serviceExport,
  serviceImport,
  ...builtInKinds(),
]);
