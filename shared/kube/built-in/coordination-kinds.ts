import { leaseRules } from "../validation/cluster/lease-rules.ts";
import { newerEventRules } from "../validation/cluster/newer-event-rules.ts";
import { ageColumn, fieldColumn } from "./basic-columns.ts";
import type { BuiltIn } from "./built-in.ts";
import { eventColumns } from "./event-columns.ts";
import { fromEventFace, toEventFace } from "./event-face.ts";

/** What controllers tell each other: leases, events. */
export const coordinationKinds: readonly BuiltIn[] = [
  {
    group: "coordination.k8s.io",
    kind: "Lease",
    plural: "leases",
    isMadeByPut: true,
    hasGeneration: false,
    columns: [fieldColumn("Holder", "spec.holderIdentity"), ageColumn],
    validate: leaseRules,
  },
  {
    group: "events.k8s.io",
    kind: "Event",
    plural: "events",
    isMadeByPut: true,
    shortNames: ["ev"],
    hasGeneration: false,
    // Those of the core group under other names.
    documents: "events",
    versions: [],
    otherVersions: [{ name: "v1", toStored: fromEventFace, fromStored: toEventFace }],
    selectableFields: [
      ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
        (name) => `regarding.${name}`,
      ),
      "reason",
      "reportingController",
      "type",
    ],
    columns: eventColumns,
    validate: newerEventRules,
  },
];
