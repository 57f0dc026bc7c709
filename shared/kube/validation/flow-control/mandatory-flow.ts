/** What each kube-apiserver keeps itself, so that it cannot be changed. */
import type { Json, JsonObject } from "../../../lib/kube-object.ts";

const everything: JsonObject = {
  resourceRules: [
    {
      verbs: ["*"],
      apiGroups: ["*"],
      resources: ["*"],
      namespaces: ["*"],
      clusterScope: true,
    },
  ],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
};

function allOf(...groups: readonly string[]): Json {
  const subjects = groups.map((name) => ({ kind: "Group", group: { name } }));
  return [{ subjects, ...everything }];
}

/** The specs of the FlowSchemas by which a cluster's owner always gets in, and everybody else. */
export const mandatoryFlowSchemas: ReadonlyMap<string, JsonObject> = new Map([
  [
    "exempt",
    {
      priorityLevelConfiguration: { name: "exempt" },
      matchingPrecedence: 1,
      rules: allOf("system:masters"),
    },
  ],
  [
    "catch-all",
    {
      priorityLevelConfiguration: { name: "catch-all" },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: "ByUser" },
      rules: allOf("system:unauthenticated", "system:authenticated"),
    },
  ],
]);

/** The spec of the level for what no other level is for. */
export const catchAllLevel: JsonObject = {
  type: "Limited",
  limited: { nominalConcurrencyShares: 5, limitResponse: { type: "Reject" } },
};
