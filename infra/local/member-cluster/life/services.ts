import { arrayOf, isObject, jsonEquals } from "../../../../shared/kube/json.ts";
import type { Document, Write } from "../../../../shared/lib/document.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";

/** Keeps a Service until its frontend is gone, as cloud-provider-azure does. */
const cleanup = "service.kubernetes.io/load-balancer-cleanup";

/** A Service of type LoadBalancer gets its frontend in Azure, and gives it back. */
export const services: Rule = {
  kinds: ["services"],
  afterSeconds: 15,
  next: async (changed, view) => {
    const { name, namespace } = changed.key;
    const document = await view.read("services", name, namespace);
    if (document === undefined || document.uid !== changed.uid) return [];
    const isWanted =
      document.body.spec?.["type"] === "LoadBalancer" &&
      document.body.metadata.deletionTimestamp === undefined;
    return isWanted ? await withFrontend(document, view) : await withoutFrontend(document, view);
  },
};

function finalizersOf({ body }: Document<LiveBody>): readonly string[] {
  return body.metadata.finalizers ?? [];
}

async function withFrontend(
  document: Document<LiveBody>,
  view: ClusterView,
): Promise<readonly Write[] | "again"> {
  const { body, uid, key } = document;
  if (!finalizersOf(document).includes(cleanup)) {
    const finalizers = [...finalizersOf(document), cleanup];
    const metadata = { ...body.metadata, finalizers };
    return [{ kind: "replace", document, body: { ...body, metadata } }];
  }
  const ip = await view.balancer.ensureFrontend({
    clusterId: view.clusterId,
    serviceUid: uid,
    serviceName: `${key.namespace}/${key.name}`,
    ports: arrayOf(body.spec?.["ports"]).filter(isObject),
  });
  return statusWrite(document, { ingress: [{ ip, ipMode: "VIP" }] });
}

async function withoutFrontend(
  document: Document<LiveBody>,
  view: ClusterView,
): Promise<readonly Write[] | "again"> {
  if (!finalizersOf(document).includes(cleanup)) return statusWrite(document, {});
  const service = { clusterId: view.clusterId, serviceUid: document.uid };
  if ((await view.balancer.removeFrontend(service)) === "in-use") return "again";
  const finalizers = finalizersOf(document).filter((each) => each !== cleanup);
  const { body } = document;
  if (body.metadata.deletionTimestamp !== undefined && finalizers.length === 0) {
    return [{ kind: "delete", document }];
  }
  const metadata = { ...body.metadata, finalizers };
  return [{ kind: "replace", document, body: { ...body, metadata, status: { loadBalancer: {} } } }];
}

function statusWrite(document: Document<LiveBody>, loadBalancer: JsonObject): readonly Write[] {
  const status = { ...document.body.status, loadBalancer };
  if (jsonEquals(document.body.status, status)) return [];
  return [{ kind: "replace", document, body: { ...document.body, status } }];
}
