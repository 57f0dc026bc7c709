import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { matchesFields, parseFieldSelector } from "../../../shared/kube/selector/field-selector.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../kube-fixture.ts";

const kinds = kindsOf(builtInKinds());

function isSelected(resource: string, selector: string, object: JsonObject): boolean {
  const [plural = "", ...group] = resource.split(".");
  const kind = kinds.find(group.join("."), plural);
  if (kind === undefined) throw new Error(`no kind is called ${resource}`);
  return matchesFields(parseFieldSelector(selector, kind), object);
}

const request = "certificatesigningrequests.certificates.k8s.io";
const slice = "resourceslices.resource.k8s.io";
const podIps = { podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }], podIP: "10.0.0.1" };

test.each<[resource: string, object: JsonObject, selected: string, others: readonly string[]]>([
  ["services", {}, "spec.type=ClusterIP", ["spec.type=NodePort", "spec.type!=ClusterIP"]],
  ["services", { spec: { type: "LoadBalancer" } }, "spec.type=LoadBalancer", ["spec.type="]],
  ["services", { spec: { clusterIP: "None" } }, "spec.clusterIP=None", ["spec.clusterIP="]],
  [request, { spec: { signerName: "a.com/b" } }, "spec.signerName=a.com/b", ["spec.signerName=a"]],
  [slice, { spec: { driver: "d.com" } }, "spec.driver=d.com,spec.nodeName=", ["spec.driver="]],
  [slice, { spec: { nodeName: "n" } }, "spec.nodeName=n", ["spec.nodeName!=n"]],
  ["replicationcontrollers", {}, "status.replicas=0", ["status.replicas=1", "status.replicas="]],
  ["replicationcontrollers", { status: { replicas: 3 } }, "status.replicas=3", []],
  ["pods", {}, "spec.hostNetwork=false", ["spec.hostNetwork=true"]],
  ["pods", { spec: { hostNetwork: true } }, "spec.hostNetwork=true", ["spec.hostNetwork!=true"]],
  ["pods", {}, "spec.restartPolicy=Always,spec.schedulerName=default-scheduler", []],
  ["pods", {}, "status.phase=Pending,status.phase!=Running", ["status.phase="]],
  ["pods", {}, "status.nominatedNodeName=,spec.serviceAccountName=", []],
  ["pods", { status: { nominatedNodeName: "n" } }, "status.nominatedNodeName=n", []],
  ["pods", { spec: { nodeName: "n" } }, "spec.host=n,spec.nodeName==n", ["spec.host=m"]],
  ["pods", { status: podIps }, "status.podIP=10.0.0.1,status.podIPs=", ["status.podIP=fd00::1"]],
  ["pods", { status: { podIP: "10.0.0.2" } }, "status.podIP=10.0.0.2", ["status.podIP="]],
  ["nodes", {}, "spec.unschedulable=false", ["spec.unschedulable=true", "spec.unschedulable="]],
  ["nodes", { spec: { unschedulable: true } }, "spec.unschedulable=true", []],
  ["jobs.batch", {}, "status.successful=0", ["status.successful=1"]],
  ["jobs.batch", { status: { succeeded: 2 } }, "status.successful=2", ["status.successful=0"]],
  ["events", { source: { component: "kubelet" } }, "source=kubelet", ["source="]],
  ["events", { source: {}, reportingComponent: "x" }, "source=x,reportingComponent=x", []],
  ["events", {}, "source=,reason=,involvedObject.uid=", ["source=x"]],
])("of %s, %j is selected by %s", (resource, object, selected, others) => {
  expect(isSelected(resource, selected, object)).toBe(true);
  for (const other of others)
    expect([other, isSelected(resource, other, object)]).toEqual([other, false]);
});

test.each([
  ["replicasets.apps", "status.replicas=0", /"status\.replicas" is not a known field selector/],
  ["services", "spec.ports=1", /field label not supported: spec\.ports/],
  ["cronjobs.batch", "status.successful=0", /"status\.successful" is not a known field selector/],
])("%s are not selected by %s", (resource, selector, message) => {
  expect(() => isSelected(resource, selector, {})).toThrow(message);
});

test("a list and the deletion of a collection go by defaults too", async () => {
  const { ask } = await kubeFixture();
  const services = "/api/v1/namespaces/shop/services";
  const service = (name: string, spec: JsonObject) => ({
    metadata: { name },
    spec: { ...spec, ports: [{ port: 80 }] },
  });
  await ask("POST", services, service("plain", {}));
  await ask("POST", services, service("open", { type: "LoadBalancer" }));
  const namesIn = async (query: string): Promise<readonly string[]> => {
    const { body } = await ask("GET", `${services}${query}`);
    const items = body["items"] as unknown as readonly { metadata: { name: string } }[];
    return items.map(({ metadata }) => metadata.name);
  };
  expect(await namesIn("?fieldSelector=spec.type%3DClusterIP")).toEqual(["plain"]);
  expect(await namesIn("?fieldSelector=spec.type!%3DClusterIP")).toEqual(["open"]);
  await ask("DELETE", `${services}?fieldSelector=spec.type%3DClusterIP`);
  expect(await namesIn("")).toEqual(["open"]);
});
