import type { GroupVersions } from "../kinds.ts";

/** What a client may ask about access and identity. Reviews are answered and never kept. */
export interface ReviewKind {
  readonly group: string;
  readonly version: string;
  readonly kind:
    | "LocalSubjectAccessReview"
    | "SelfSubjectAccessReview"
    | "SelfSubjectReview"
    | "SelfSubjectRulesReview"
    | "SubjectAccessReview"
    | "TokenReview";
  readonly plural: string;
  /** Asked in a namespace, about that namespace. */
  readonly namespaced?: true;
}

const authorization = { group: "authorization.k8s.io", version: "v1" } as const;
const authentication = { group: "authentication.k8s.io", version: "v1" } as const;

export const reviewKinds: readonly ReviewKind[] = [
  { ...authentication, kind: "SelfSubjectReview", plural: "selfsubjectreviews" },
  { ...authentication, kind: "TokenReview", plural: "tokenreviews" },
  {
    ...authorization,
    kind: "LocalSubjectAccessReview",
    plural: "localsubjectaccessreviews",
    namespaced: true,
  },
  { ...authorization, kind: "SelfSubjectAccessReview", plural: "selfsubjectaccessreviews" },
  { ...authorization, kind: "SelfSubjectRulesReview", plural: "selfsubjectrulesreviews" },
  { ...authorization, kind: "SubjectAccessReview", plural: "subjectaccessreviews" },
];

export const reviewGroups: readonly GroupVersions[] = [
  { group: authentication.group, versions: ["v1"] },
  { group: authorization.group, versions: ["v1"] },
];

export function findReview(group: string, version: string, plural: string): ReviewKind | undefined {
  return reviewKinds.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
}
