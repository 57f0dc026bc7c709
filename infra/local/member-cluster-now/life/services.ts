import { createHash } from "node:crypto";
import type { Document, Write } from "../../../../shared/lib/document.ts";
import { isEqual } from "../../../../shared/lib/equal.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";

/** A Service gets its cluster address, and one of type LoadBalancer its frontend in Azure. */
export const services: Rule = {
  kinds: ["services"],
  afterSeconds: 15,
  next: async (changed, view) => {
    const { name, namespace = "" } = changed.key;
    const document = await view.read("services", name, namespace);
    if (document?.uid !== changed.uid) {
      view.balancer.removeFrontend({ clusterId: view.clusterId, serviceUid: changed.uid });
    }
    return document === undefined ? [] : serviceWrite(document, view);
  },
};

function serviceWrite(document: Document<LiveBody>, view: ClusterView): readonly Write[] {
  const { body, uid } = document;
  const spec = withAddress(body.spec ?? {}, uid);
  const status = { loadBalancer: balancerStatus(document, view) };
  if (isEqual(body.spec, spec) && isEqual(body.status, status)) return [];
  return [{ kind: "replace", document, body: { ...body, spec, status } }];
}

/** Headless Services and names of others have none. */
function withAddress(spec: JsonObject, uid: string): JsonObject {
  if (spec["clusterIP"] !== undefined || spec["type"] === "ExternalName") return spec;
  const clusterIP = `10.0.${bytesOf(uid).join(".")}`;
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}

function balancerStatus({ body, uid, key }: Document<LiveBody>, view: ClusterView): JsonObject {
  const { clusterId } = view;
  if (body.spec?.["type"] !== "LoadBalancer") {
    view.balancer.removeFrontend({ clusterId, serviceUid: uid });
    return {};
  }
  const ip = view.balancer.ensureFrontend({
    clusterId,
    serviceUid: uid,
    serviceName: `${key.namespace}/${key.name}`,
    ports: (body.spec["ports"] ?? []) as readonly JsonObject[],
  });
  return { ingress: [{ ip, ipMode: "VIP" }] };
}

/** Two numbers from 1 to 250 that follow from a text. */
export function bytesOf(text: string): readonly number[] {
  const [one = 0, two = 0] = createHash("sha256").update(text).digest();
  return [1 + (one % 250), 1 + (two % 250)];
}
