import type { JsonObject } from "../../lib/kube-object.ts";
import { readObject } from "../http/request-body.ts";
import { respond } from "../http/respond.ts";
import { isObject, isString, textOf } from "../json.ts";
import type { Access, AccessAttributes, KubeApi } from "../kube-api.ts";
import { badRequest, methodNotAllowed } from "../status-error.ts";
import type { ReviewKind } from "./review-kinds.ts";

/** Answers `kubectl auth can-i` and `kubectl auth whoami`. */
export async function serveReview(
  request: Request,
  review: ReviewKind,
  api: KubeApi,
): Promise<Response> {
  if (request.method !== "POST") throw methodNotAllowed();
  const body = (await readObject(request)) ?? {};
  if (!isObject(body)) throw badRequest("the body must be an object");
  const spec = isObject(body["spec"]) ? body["spec"] : {};
  const { status, ...rest } = await answer(review, spec, api);
  const { group, version, kind } = review;
  const apiVersion = `${group}/${version}`;
  return respond(
    { kind, apiVersion, metadata: { creationTimestamp: null }, ...rest, status },
    { code: 201 },
  );
}

interface Answer extends JsonObject {
  readonly status: JsonObject;
}

async function answer(review: ReviewKind, spec: JsonObject, api: KubeApi): Promise<Answer> {
  switch (review.kind) {
    case "SelfSubjectAccessReview":
      return { spec, status: accessStatus(await accessTo(attributesOf(spec), api)) };
    case "SelfSubjectRulesReview":
      return { spec: {}, status: await rulesStatus(textOf(spec["namespace"]) ?? "", api) };
    case "SelfSubjectReview":
      return { status: { userInfo: userOf(api) } };
  }
}

/** Whether the caller of the API may do something. */
export async function accessTo(attributes: AccessAttributes, api: KubeApi): Promise<Access> {
  return (await api.authorize?.(attributes)) ?? { allowed: true };
}

function accessStatus(access: Access): JsonObject {
  return { allowed: access.allowed, ...(access.reason !== undefined && { reason: access.reason }) };
}

function attributesOf(spec: JsonObject): AccessAttributes {
  const { resourceAttributes, nonResourceAttributes } = spec;
  const asked = isObject(resourceAttributes) ? resourceAttributes : nonResourceAttributes;
  if (!isObject(asked) || (isObject(resourceAttributes) && isObject(nonResourceAttributes))) {
    throw badRequest(
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
  }
  const verb = textOf(asked["verb"]) ?? "";
  if (asked === nonResourceAttributes) {
    return { kind: "path", verb, path: textOf(asked["path"]) ?? "" };
  }
  const { subresource, namespace, name } = asked;
  return {
    kind: "resource",
    verb,
    group: textOf(asked["group"]) ?? "",
    resource: textOf(asked["resource"]) ?? "",
    ...(isString(subresource) && subresource !== "" && { subresource }),
    ...(isString(namespace) && namespace !== "" && { namespace }),
    ...(isString(name) && name !== "" && { name }),
  };
}

async function rulesStatus(namespace: string, api: KubeApi): Promise<JsonObject> {
  if (api.rules !== undefined) {
    const resourceRules = await api.rules(namespace);
    return { resourceRules, nonResourceRules: [], incomplete: false };
  }
  const everything = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
  return api.authorize === undefined
    ? { resourceRules: everything, nonResourceRules: [], incomplete: false }
    : {
        resourceRules: [],
        nonResourceRules: [],
        incomplete: true,
        evaluationError: "the authorizer cannot list rules",
      };
}

function userOf({ caller }: KubeApi): JsonObject {
  if (caller === undefined) {
    return { username: "system:anonymous", groups: ["system:unauthenticated"] };
  }
  const { name, uid, groups } = caller;
  return { username: name, ...(uid !== undefined && { uid }), groups };
}
