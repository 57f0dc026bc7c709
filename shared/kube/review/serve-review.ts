import type { JsonObject } from "../../lib/kube-object.ts";
import { readObject } from "../http/request-body.ts";
import { respond } from "../http/respond.ts";
import { isObject, isString, objectOf, textOf } from "../json.ts";
import type { Access, KubeApi, KubeCaller } from "../kube-api.ts";
import { type PolicyRule, textsOf } from "../rbac/policy-rule.ts";
import { accessTo, anonymous } from "../rest/check-access.ts";
import { badRequest, invalid, methodNotAllowed } from "../status-error.ts";
import type { ReviewKind } from "./review-kinds.ts";
import { askedAttributes, type ReviewedUser, reviewedUser } from "./review-request.ts";
import { reviewErrors } from "./review-rules.ts";

/** Where a review is asked: the API, and the namespace in its path. */
export interface ReviewPlace {
  readonly api: KubeApi;
  readonly namespace?: string;
}

/**
 * Answers reviews of access: `kubectl auth can-i`, `kubectl auth whoami`, and those that servers
 * ask about their own callers, and about the tokens that these send. Throws 400 for what is no
 * review and 422 for one that asks nothing, or two things.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export async function serveReview(
  request: Request,
  review: ReviewKind,
  place: ReviewPlace,
): Promise<Response> {
  if (request.method !== "POST") throw methodNotAllowed();
  const body = (await readObject(request, review.kind)).value;
  if (!isObject(body)) throw badRequest("the body must be an object");
  checkType(body, review);
  checkNamespace(body, place);
  const errors = reviewErrors(review, body, place.namespace);
  // Kubernetes names no kind here: it forgets it before it looks.
  if (errors.length > 0) throw invalid({ kind: "", group: review.group }, "", errors);
  const { group, version, kind } = review;
  const { namespace } = place;
  const metadata = { ...(namespace !== undefined && { namespace }), creationTimestamp: null };
  const answered = await answer(review, objectOf(body["spec"]), place);
  return respond({ kind, apiVersion: `${group}/${version}`, metadata, ...answered }, { code: 201 });
}

function checkType(body: JsonObject, { kind, group, version }: ReviewKind): void {
  const given = textOf(body["kind"]) ?? "";
  const apiVersion = textOf(body["apiVersion"]) ?? "";
  if (given !== "" && given !== kind) {
    throw badRequest(`${given} in version "${version}" cannot be handled as a ${kind}`);
  }
  if (apiVersion !== "" && apiVersion !== `${group}/${version}`) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version ` +
        `(${group}/${version})`,
    );
  }
}

function checkNamespace(body: JsonObject, { namespace }: ReviewPlace): void {
  const given = textOf(objectOf(body["metadata"])["namespace"]) ?? "";
  if (namespace === undefined || given === "" || given === namespace) return;
  throw badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

async function answer(
  { kind }: ReviewKind,
  spec: JsonObject,
  { api }: ReviewPlace,
): Promise<JsonObject> {
  switch (kind) {
    case "SelfSubjectAccessReview":
      return { spec, status: accessStatus(await accessTo(askedAttributes(spec), api)) };
    case "SubjectAccessReview":
    case "LocalSubjectAccessReview":
      return { spec, status: await statusOfUser(reviewedUser(spec), spec, api) };
    case "SelfSubjectRulesReview":
      return { spec: {}, status: await rulesStatus(textOf(spec["namespace"]) ?? "", api) };
    case "SelfSubjectReview":
      return { status: { userInfo: userOf(api.caller) } };
    case "TokenReview":
      return { spec, status: await tokenStatus(spec, api) };
  }
}

/** Throws 400 for a review without a token. */
async function tokenStatus(spec: JsonObject, { reviewToken }: KubeApi): Promise<JsonObject> {
  const token = textOf(spec["token"]) ?? "";
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const verdict = (await reviewToken?.(token, textsOf(spec["audiences"]))) ?? {
    error: "tokens are not reviewed here",
  };
  if ("error" in verdict) return { user: {}, error: verdict.error };
  const { user, audiences } = verdict;
  const isFor = audiences.length > 0;
  return { authenticated: true, user: userOf(user), ...(isFor && { audiences }) };
}

function accessStatus({ allowed, reason = "" }: Access): JsonObject {
  return { allowed, ...(reason !== "" && { reason }) };
}

async function statusOfUser(
  user: ReviewedUser,
  spec: JsonObject,
  { authorize, authorizeFor }: KubeApi,
): Promise<JsonObject> {
  const attributes = askedAttributes(spec);
  if (authorizeFor !== undefined) return accessStatus(await authorizeFor(user, attributes));
  if (authorize === undefined) return { allowed: true };
  return { allowed: false, evaluationError: "only the caller's own access is known here" };
}

async function rulesStatus(namespace: string, { authorize, rules }: KubeApi): Promise<JsonObject> {
  if (namespace === "") throw badRequest("no namespace on request");
  if (rules !== undefined) {
    const { rules: all, incomplete } = await rules(namespace);
    return {
      resourceRules: all.filter(isOnResources),
      nonResourceRules: all.filter((rule) => !isOnResources(rule)),
      incomplete: incomplete !== undefined,
      ...(incomplete !== undefined && { evaluationError: incomplete }),
    };
  }
  if (authorize === undefined) {
    return { resourceRules: everything, nonResourceRules: everyPath, incomplete: false };
  }
  return {
    resourceRules: [],
    nonResourceRules: [],
    incomplete: true,
    evaluationError: "the authorizer cannot list rules",
  };
}

const everything = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
const everyPath = [{ verbs: ["*"], nonResourceURLs: ["*"] }];

function isOnResources({ resources = [] }: PolicyRule): boolean {
  return resources.length > 0;
}

function userOf(caller: KubeCaller | undefined): JsonObject {
  if (caller === undefined) return { username: anonymous, groups: ["system:unauthenticated"] };
  const { name, uid, groups, extra } = caller;
  return {
    username: name,
    ...(isString(uid) && uid !== "" && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra !== undefined && { extra }),
  };
}
