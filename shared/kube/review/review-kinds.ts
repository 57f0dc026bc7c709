import type { GroupVersions } from "../kinds.ts";

/** What a client may ask about itself. Reviews are answered and never kept. */
export interface ReviewKind {
  readonly group: string;
  readonly version: string;
  readonly kind: "SelfSubjectAccessReview" | "SelfSubjectRulesReview" | "SelfSubjectReview";
  readonly plural: string;
}

const authorization = "authorization.k8s.io";
const authentication = "authentication.k8s.io";

export const reviewKinds: readonly ReviewKind[] = [
  {
    group: authorization,
    version: "v1",
    kind: "SelfSubjectAccessReview",
    plural: "selfsubjectaccessreviews",
  },
  {
    group: authorization,
    version: "v1",
    kind: "SelfSubjectRulesReview",
    plural: "selfsubjectrulesreviews",
  },
  {
    group: authentication,
    version: "v1",
    kind: "SelfSubjectReview",
    plural: "selfsubjectreviews",
  },
];

export const reviewGroups: readonly GroupVersions[] = [
  { group: authentication, versions: ["v1"] },
  { group: authorization, versions: ["v1"] },
];

export function findReview(group: string, version: string, plural: string): ReviewKind | undefined {
  return reviewKinds.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
}
