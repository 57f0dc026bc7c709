import { arrayOf, at, isObject, isString, jsonEquals } from "../../../../shared/kube/json.ts";
import { ownerRef } from "../../../../shared/kube/rest/commit.ts";
import { type Document, keyOf, type Write } from "../../../../shared/lib/document.ts";
import type { Json, JsonObject, KubeBody } from "../../../../shared/lib/kube-object.ts";
import { numbersOf } from "./numbers-of.ts";
import { type ClusterView, type LiveBody, labelsAt, numberAt, type Rule } from "./rule.ts";

const slices = "discovery.k8s.io/endpointslices";
const workloads = ["apps/deployments", "apps/statefulsets", "apps/daemonsets"];

/** So many endpoints a slice has at most, as in Kubernetes. */
const endpointsMax = 100;

/** A Service with a selector has one slice, with an address for each pod that it selects. */
export const endpointSlices: Rule = {
  kinds: ["services", ...workloads],
  afterSeconds: 5,
  next: async (changed, view) => {
    const { namespace = "" } = changed.key;
    const all = await view.list("services", namespace);
    const writes = await Promise.all(all.map(async (each) => await sliceWrite(each, view)));
    return writes.flat();
  },
};

/** "web" → "web-7f3a2": Kubernetes draws the end; here it follows from the Service. */
function sliceName({ key, uid }: Document): string {
  const end = numbersOf(uid)
    .map((number) => number.toString(16).padStart(2, "0"))
    .join("");
  return `${key.name}-${end.slice(0, 5)}`;
}

async function sliceWrite(
  service: Document<LiveBody>,
  view: ClusterView,
): Promise<readonly Write[]> {
  const { namespace = "" } = service.key;
  const selector = labelsAt(service.body.spec, "selector");
  const isSelecting = Object.keys(selector).length > 0;
  if (!isSelecting || service.body.spec?.["type"] === "ExternalName") return [];
  const pods = await podsOf(namespace, selector, view);
  const body = sliceOf(service, pods);
  const there = await view.read(slices, sliceName(service), namespace);
  if (there === undefined) {
    if (service.body.metadata.deletionTimestamp !== undefined) return [];
    const key = keyOf<KubeBody>(slices, view.fleet, sliceName(service), namespace);
    return [{ kind: "create", key, body, refs: [ownerRef(service.uid)] }];
  }
  const isSame = jsonEquals(there.body as unknown as JsonObject, body);
  return isSame ? [] : [{ kind: "replace", document: there, body }];
}

interface Pods {
  readonly endpoints: readonly JsonObject[];
  /** The ports of their containers that have names. */
  readonly ports: Readonly<Record<string, number>>;
}

function sliceOf(service: Document<LiveBody>, pods: Pods): KubeBody & JsonObject {
  const { key, uid, body } = service;
  return {
    metadata: {
      labels: {
        ...body.metadata.labels,
        "kubernetes.io/service-name": key.name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [
        {
          apiVersion: "v1",
          kind: "Service",
          name: key.name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    } as KubeBody["metadata"] & JsonObject,
    addressType: "IPv4",
    endpoints: pods.endpoints,
    ports: arrayOf(body.spec?.["ports"])
      .filter(isObject)
      .map((port) => slicePort(port, pods)),
  };
}

function slicePort(port: JsonObject, pods: Pods): JsonObject {
  const target = port["targetPort"] ?? port["port"] ?? 0;
  return {
    name: port["name"] ?? "",
    protocol: port["protocol"] ?? "TCP",
    port: isString(target) ? (pods.ports[target] ?? port["port"] ?? 0) : target,
  };
}

async function podsOf(
  namespace: string,
  selector: Readonly<Record<string, string>>,
  view: ClusterView,
): Promise<Pods> {
  const found = await Promise.all(workloads.map((kind) => view.list(kind, namespace)));
  const selected = found.flat().filter(({ body }) => {
    const labels = labelsAt(body.spec, "template", "metadata", "labels");
    return Object.entries(selector).every(([label, value]) => labels[label] === value);
  });
  return {
    endpoints: selected
      .flatMap((document) => endpointsOf(document, view.clusterId))
      .slice(0, endpointsMax),
    ports: Object.fromEntries(selected.flatMap(namedPorts)),
  };
}

function namedPorts({ body }: Document<LiveBody>): readonly [string, number][] {
  return arrayOf(at(body.spec, "template", "spec", "containers"))
    .flatMap((container): readonly Json[] => arrayOf(at(container, "ports")))
    .flatMap((port): [string, number][] => {
      const [name, number] = [at(port, "name"), at(port, "containerPort")];
      return isString(name) && typeof number === "number" ? [[name, number]] : [];
    });
}

/** Ready pods first; pods that are not ready are in a slice too, and say so. */
function endpointsOf(document: Document<LiveBody>, clusterId: string): readonly JsonObject[] {
  const { body, uid, key } = document;
  const isDaemonSet = key.kind === "apps/daemonsets";
  const ready = numberAt(body.status, isDaemonSet ? "numberAvailable" : "availableReplicas", 0);
  const all = numberAt(body.status, isDaemonSet ? "desiredNumberScheduled" : "replicas", 0);
  const [net, first] = numbersOf(`${clusterId} ${uid}`);
  return Array.from({ length: Math.min(Math.max(all, ready), endpointsMax) }, (_, index) => {
    const isReady = index < ready;
    return {
      addresses: [`10.244.${net}.${1 + ((first + index) % 250)}`],
      conditions: { ready: isReady, serving: isReady, terminating: false },
      targetRef: { kind: "Pod", namespace: key.namespace ?? "", name: `${key.name}-${index}` },
    };
  });
}
