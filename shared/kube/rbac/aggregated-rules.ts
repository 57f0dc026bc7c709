import type { Store } from "../../effects/store.ts";
import type { Document } from "../../lib/document.ts";
import type { KubeObject } from "../served-kind.ts";
import { type RbacObjects, rbacObjectsOf } from "./rbac-objects.ts";
import { type RbacPolicy, rbacPolicy } from "./rbac-policy.ts";

/**
 * A ClusterRole as it is read: with an `aggregationRule`, its rules are those of the roles that it
 * selects. In Kubernetes a controller writes them; here they are never written, so a watch does not
 * tell when they change.
 */
export async function withAggregatedRules(
  object: KubeObject,
  { key }: Pick<Document, "key">,
  store: Store,
): Promise<KubeObject> {
  if (object["aggregationRule"] === undefined) return object;
  const policy = policyOf(await rbacObjectsOf(store).read(key.fleet));
  return { ...object, rules: policy.clusterRoles.get(key.name)?.rules ?? [] };
}

const policies = new WeakMap<RbacObjects, RbacPolicy>();

function policyOf(objects: RbacObjects): RbacPolicy {
  const known = policies.get(objects) ?? rbacPolicy(objects.roles, objects.bindings);
  policies.set(objects, known);
  return known;
}
