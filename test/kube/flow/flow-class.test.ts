import { expect, test } from "vitest";
import { type FlowClass, flowClassOf } from "../../../shared/kube/flow/flow-class.ts";

test.each<[FlowClass, string]>([
  ["small", "GET /api/v1/namespaces/app/secrets/db"],
  ["small", "HEAD /api/v1/namespaces/app/secrets/db"],
  ["small", "GET /api/v1/namespaces/app"],
  ["small", "GET /api/v1/namespaces/app/status"],
  ["small", "PUT /api/v1/namespaces/app/finalize"],
  ["small", "GET /apis/apps/v1/namespaces/app/deployments/web/scale"],
  ["small", "GET /apis/cluster.kubernetes-fleet.io/v1/memberclusters/aks-1"],
  ["small", "GET /apis/apps/v1/namespaces/app/deployments?fieldSelector=metadata.name%3Dweb"],
  ["small", "POST /apis/apps/v1/namespaces/app/deployments"],
  ["small", "PATCH /apis/apps/v1/namespaces/app/deployments/web"],
  ["small", "DELETE /apis/apps/v1/namespaces/app/deployments/web"],
  ["small", "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"],
  ["small", "GET /api"],
  ["small", "GET /apis"],
  ["small", "GET /apis/apps"],
  ["small", "GET /apis/apps/v1"],
  ["small", "GET /api/v1"],
  ["small", "GET /version"],
  ["small", "GET /"],
  ["small", "GET /nothing/here"],
  ["large", "GET /api/v1/namespaces"],
  ["large", "GET /api/v1/secrets"],
  ["large", "GET /api/v1/namespaces/app/secrets"],
  ["large", "GET /api/v1/namespaces/app/secrets?limit=500&watch=false"],
  ["large", "GET /apis/apps/v1/deployments?fieldSelector=metadata.name!%3Dweb"],
  ["large", "DELETE /apis/apps/v1/namespaces/app/deployments"],
  ["large", "GET /openapi/v2"],
  ["large", "GET /openapi/v3/apis/apps/v1"],
  ["watch", "GET /api/v1/namespaces/app/secrets?watch=true"],
  ["watch", "GET /api/v1/pods?watch=1"],
  ["watch", "GET /api/v1/pods?watch=True"],
  ["watch", "GET /api/v1/pods?watch="],
  ["watch", "GET /api/v1/watch/pods"],
  ["watch", "GET /api/v1/watch/namespaces/app/pods/one"],
  ["watch", "GET /apis/apps/v1/deployments?fieldSelector=metadata.name%3Dweb&watch=true"],
])("%s: %s", (expected, line) => {
  const [method = "", target = ""] = line.split(" ");
  const { pathname: path, searchParams: query } = new URL(target, "https://hub");
  expect(flowClassOf({ method, path, query })).toBe(expected);
});
