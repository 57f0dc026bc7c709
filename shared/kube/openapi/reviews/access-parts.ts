import type { JsonObject } from "../../../lib/kube-object.ts";
import { schemaReference } from "../schema-reference.ts";
import {
  described,
  flag,
  listOf,
  object,
  type Properties,
  text,
  texts,
  textsByName,
} from "./schema-parts.ts";

const access = (name: string): string => `io.k8s.api.authorization.v1.${name}`;
const meta = (name: string): string => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;

const attributes: Properties = {
  nonResourceAttributes: described(
    "An action on a path that is no resource.",
    access("NonResourceAttributes"),
  ),
  resourceAttributes: described("An action on a resource.", access("ResourceAttributes")),
};

function selector(what: string, requirement: string): JsonObject {
  return object(`${what} that narrow what is asked.`, {
    rawSelector: text("The selector as in the query of a request."),
    requirements: listOf("All of these must hold.", schemaReference(meta(requirement))),
  });
}

function requirement(what: string): JsonObject {
  return object(
    `A requirement on ${what}.`,
    {
      key: text("What it is about."),
      operator: text("In, NotIn, Exists or DoesNotExist."),
      values: texts("The values; none for Exists and DoesNotExist."),
    },
    ["key", "operator"],
  );
}

const asked: Properties = {
  [access("ResourceAttributes")]: object("ResourceAttributes is an action on a resource.", {
    fieldSelector: described("Fields that narrow it.", access("FieldSelectorAttributes")),
    group: text('The API group; "*" means all.'),
    labelSelector: described("Labels that narrow it.", access("LabelSelectorAttributes")),
    name: text("The name of the object; none means all."),
    namespace: text("The namespace; none means all, or that the resource has none."),
    resource: text('The resource, such as "pods"; "*" means all.'),
    subresource: text('The part of the resource, such as "status".'),
    verb: text("get, list, watch, create, update, patch, delete, proxy; * means all."),
    version: text('The version of the API; "*" means all.'),
  }),
  [access("NonResourceAttributes")]: object("NonResourceAttributes is an action on a path.", {
    path: text("The path of the URL."),
    verb: text("The method of the request, in small letters."),
  }),
  [access("FieldSelectorAttributes")]: selector("Fields", "FieldSelectorRequirement"),
  [access("LabelSelectorAttributes")]: selector("Labels", "LabelSelectorRequirement"),
  [meta("FieldSelectorRequirement")]: requirement("a field"),
  [meta("LabelSelectorRequirement")]: requirement("a label"),
};

const rule = { verbs: texts("The verbs; * means all.") };

/**
 * What reviews of `authorization.k8s.io/v1` hold.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/
 */
export const accessParts: Properties = {
  ...asked,
  [access("SelfSubjectAccessReviewSpec")]: object(
    "SelfSubjectAccessReviewSpec is what is asked: exactly one of the two.",
    attributes,
  ),
  [access("SelfSubjectRulesReviewSpec")]: object("SelfSubjectRulesReviewSpec says where.", {
    namespace: text("The namespace. Required."),
  }),
  [access("SubjectAccessReviewSpec")]: object(
    "SubjectAccessReviewSpec is what is asked, exactly one of the two actions, and of whom.",
    {
      ...attributes,
      extra: textsByName("More that is known of the user."),
      groups: texts("The groups that the user is in."),
      uid: text("What never changes hands, unlike the name."),
      user: text("The name of the user; a user or a group is required."),
    },
  ),
  [access("SubjectAccessReviewStatus")]: object(
    "SubjectAccessReviewStatus tells whether it is allowed.",
    {
      allowed: flag("Whether the action is allowed."),
      denied: flag("Whether the action is denied, whoever else might allow it."),
      evaluationError: text("What went wrong while it was decided."),
      reason: text("Why it was decided so."),
    },
    ["allowed"],
  ),
  [access("SubjectRulesReviewStatus")]: object(
    "SubjectRulesReviewStatus lists what is allowed; there may be more when it is incomplete.",
    {
      evaluationError: text("Why the list is incomplete."),
      incomplete: flag("Whether there may be more."),
      nonResourceRules: listOf("On paths.", schemaReference(access("NonResourceRule"))),
      resourceRules: listOf("On resources.", schemaReference(access("ResourceRule"))),
    },
    ["incomplete", "nonResourceRules", "resourceRules"],
  ),
  [access("ResourceRule")]: object(
    "ResourceRule is a list of actions on resources.",
    {
      ...rule,
      apiGroups: texts("The API groups; * means all."),
      resourceNames: texts("The names of the objects; none means all."),
      resources: texts("The resources; * means all."),
    },
    ["verbs"],
  ),
  [access("NonResourceRule")]: object(
    "NonResourceRule is a list of actions on paths.",
    { ...rule, nonResourceURLs: texts("The paths; a * at the end means all that follows.") },
    ["verbs"],
  ),
};
