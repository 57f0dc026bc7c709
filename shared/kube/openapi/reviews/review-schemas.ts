import type { JsonObject } from "../../../lib/kube-object.ts";
import type { ReviewKind } from "../../review/review-kinds.ts";
import { typeProperties } from "../../schema/object-shape.ts";
import { metaSchemas, objectMeta } from "../kind-schemas.ts";
import { accessParts } from "./access-parts.ts";
import { identityParts } from "./identity-parts.ts";
import { described, object, type Properties } from "./schema-parts.ts";

/** "io.k8s.api.authorization.v1.SubjectAccessReview" */
export function reviewSchemaName({ group, version, kind }: ReviewKind): string {
  return partName({ group, version }, kind);
}

function partName({ group, version }: Pick<ReviewKind, "group" | "version">, name: string): string {
  return `io.k8s.api.${group.split(".")[0]}.${version}.${name}`;
}

/** What a review holds beside the head that all objects have, and whether it must be asked. */
interface Content {
  readonly description: string;
  /** The schemas of its fields. */
  readonly spec?: string;
  readonly status: string;
}

const contents: Readonly<Record<ReviewKind["kind"], Content>> = {
  LocalSubjectAccessReview: {
    description: "LocalSubjectAccessReview checks what somebody can do in a namespace.",
    spec: "SubjectAccessReviewSpec",
    status: "SubjectAccessReviewStatus",
  },
  SelfSubjectAccessReview: {
    description: "SelfSubjectAccessReview checks what the current user can do.",
    spec: "SelfSubjectAccessReviewSpec",
    status: "SubjectAccessReviewStatus",
  },
  SelfSubjectReview: {
    description: "SelfSubjectReview tells who the current user is to the server.",
    status: "SelfSubjectReviewStatus",
  },
  SelfSubjectRulesReview: {
    description: "SelfSubjectRulesReview lists what the current user can do in a namespace.",
    spec: "SelfSubjectRulesReviewSpec",
    status: "SubjectRulesReviewStatus",
  },
  SubjectAccessReview: {
    description: "SubjectAccessReview checks what somebody can do.",
    spec: "SubjectAccessReviewSpec",
    status: "SubjectAccessReviewStatus",
  },
  TokenReview: {
    description: "TokenReview asks whom a token stands for.",
    spec: "TokenReviewSpec",
    status: "TokenReviewStatus",
  },
};

/** The schemas of the reviews of one group version, with what they refer to, by name. */
export function reviewSchemas(reviews: readonly ReviewKind[]): JsonObject {
  const named = (of: ReviewKind["group"]) => reviews.some(({ group }) => group === of);
  return {
    ...(reviews.length > 0 && metaSchemas),
    ...(named("authentication.k8s.io") && identityParts),
    ...(named("authorization.k8s.io") && accessParts),
    ...Object.fromEntries(reviews.map((each) => [reviewSchemaName(each), reviewSchema(each)])),
  };
}

function reviewSchema(review: ReviewKind): JsonObject {
  const { group, version, kind } = review;
  const { description, spec, status } = contents[kind];
  const schema = object(
    description,
    {
      ...(typeProperties as unknown as Properties),
      metadata: described("Standard object's metadata. Reviews are not kept.", objectMeta),
      ...(spec !== undefined && { spec: described("What is asked.", partName(review, spec)) }),
      status: described("What the server answers.", partName(review, status)),
    },
    spec === undefined ? [] : ["spec"],
  );
  return { ...schema, "x-kubernetes-group-version-kind": [{ group, version, kind }] };
}
