import { builtInKinds } from "../kube/built-in/built-in-kinds.ts";
import { type Kinds, kindsOf } from "../kube/kinds.ts";
import type { ServedKind } from "../kube/served-kind.ts";
import { binding } from "./kinds/binding.ts";
import { memberCluster } from "./kinds/member-cluster.ts";
import { multiClusterService } from "./kinds/multi-cluster-service.ts";
import { oldPlacement, placement } from "./kinds/placement.ts";
import { serviceExport } from "./kinds/service-export.ts";
import { serviceImport } from "./kinds/service-import.ts";
import { snapshot } from "./kinds/snapshot.ts";

/** The fleet's own kinds. */
export const ownKinds: readonly ServedKind[] = [
  memberCluster,
  placement,
  oldPlacement,
  binding,
  snapshot,
  multiClusterService,
  serviceExport,
  serviceImport,
];

/** All that a fleet's hub serves: the fleet's own kinds, and any built-in one as a template. */
export const hubKinds: Kinds = kindsOf([...ownKinds, ...builtInKinds()]);
