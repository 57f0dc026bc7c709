import { type Document, keyOf, type Write } from "../../../../shared/lib/document.ts";
import { isEqual } from "../../../../shared/lib/equal.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { type ClusterView, type LiveBody, labelsAt, numberAt, type Rule } from "./rule.ts";
import { bytesOf } from "./services.ts";

const slices = "discovery.k8s.io/endpointslices";

/** So many endpoints a slice has at most, as in Kubernetes. */
const endpointsMax = 100;

/** A Service with a selector has one slice, with an address for each ready pod that it selects. */
export const endpointSlices: Rule = {
  kinds: ["services", "apps/deployments", "apps/statefulsets"],
  afterSeconds: 15,
  next: async (changed, view) => {
    const { namespace = "" } = changed.key;
    const all = await view.list("services", namespace);
    const gone = changed.key.kind === "services" && changed.deletedAt !== undefined;
    const writes = await Promise.all(all.map(async (each) => await sliceWrite(each, view)));
    return [...writes.flat(), ...(gone ? await removal(changed, view) : [])];
  },
};

const sliceName = (service: string): string => `${service}-slice`;

async function removal({ key }: Document<LiveBody>, view: ClusterView): Promise<readonly Write[]> {
  const { name, namespace = "" } = key;
  if ((await view.read("services", name, namespace)) !== undefined) return [];
  const slice = await view.read(slices, sliceName(name), namespace);
  return slice === undefined ? [] : [{ kind: "delete", document: slice }];
}

async function sliceWrite(
  service: Document<LiveBody>,
  view: ClusterView,
): Promise<readonly Write[]> {
  const { name, namespace = "" } = service.key;
  const selector = labelsAt(service.body.spec, "selector");
  if (Object.keys(selector).length === 0) return [];
  const body = await sliceOf(service, selector, view);
  const there = await view.read(slices, sliceName(name), namespace);
  if (there === undefined) {
    const key = keyOf<LiveBody>(slices, view.fleet, sliceName(name), namespace);
    return [{ kind: "create", key, body }];
  }
  return isEqual(there.body, body) ? [] : [{ kind: "replace", document: there, body }];
}

async function sliceOf(
  service: Document<LiveBody>,
  selector: Readonly<Record<string, string>>,
  view: ClusterView,
): Promise<LiveBody> {
  const { name, namespace = "" } = service.key;
  const ports = (service.body.spec?.["ports"] ?? []) as readonly JsonObject[];
  return {
    metadata: {
      labels: {
        "kubernetes.io/service-name": name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [
        { apiVersion: "v1", kind: "Service", name, uid: service.uid, controller: true },
      ],
    },
    addressType: "IPv4",
    endpoints: await readyEndpoints(namespace, selector, view),
    ports: ports.map((port) => ({
      name: port["name"] ?? "",
      protocol: port["protocol"] ?? "TCP",
      port: typeof port["targetPort"] === "number" ? port["targetPort"] : (port["port"] ?? 0),
    })),
  } as LiveBody;
}

async function readyEndpoints(
  namespace: string,
  selector: Readonly<Record<string, string>>,
  view: ClusterView,
): Promise<readonly JsonObject[]> {
  const found = await Promise.all(
    ["apps/deployments", "apps/statefulsets"].map((kind) => view.list(kind, namespace)),
  );
  const selected = found.flat().filter(({ body }) => {
    const labels = labelsAt(body.spec, "template", "metadata", "labels");
    return Object.entries(selector).every(([label, value]) => labels[label] === value);
  });
  return selected.flatMap(endpointsOf).slice(0, endpointsMax);
}

function endpointsOf({ body, uid, key }: Document<LiveBody>): readonly JsonObject[] {
  const ready = numberAt(body.status, "availableReplicas", 0);
  const [net = 1, first = 1] = bytesOf(uid);
  return Array.from({ length: Math.min(ready, endpointsMax) }, (_, index) => ({
    addresses: [`10.244.${net}.${1 + ((first + index) % 250)}`],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: "Pod", namespace: key.namespace ?? "", name: `${key.name}-${index}` },
  }));
}
