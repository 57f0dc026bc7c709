import { invalidValue, requiredValue } from "../../../shared/kube/field-errors.ts";
import { arrayOf, at, isObject, objectOf } from "../../../shared/kube/json.ts";
import type { FieldError, KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { numbersOf } from "./life/numbers-of.ts";

/** Types whose ports the nodes listen on too. */
const onNodes: readonly (Json | undefined)[] = ["NodePort", "LoadBalancer"];
const nodePortMin = 30_000;
const nodePortCount = 2_768;

/** A Service with the defaults and addresses that a kube-apiserver gives it. */
export function preparedService(service: KubeObject, before?: KubeObject): KubeObject {
  const spec = objectOf(service["spec"]);
  const type = spec["type"] ?? "ClusterIP";
  const ports = arrayOf(spec["ports"])
    .filter(isObject)
    .map((port) => preparedPort(port, { service, before, type }));
  const common: JsonObject = {
    ...spec,
    type,
    sessionAffinity: spec["sessionAffinity"] ?? "None",
    ...(ports.length > 0 && { ports }),
  };
  if (type === "ExternalName") return { ...service, spec: common };
  const clusterIP = spec["clusterIP"] ?? at(before, "spec", "clusterIP") ?? addressOf(service);
  return {
    ...service,
    spec: {
      ...common,
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: spec["ipFamilies"] ?? ["IPv4"],
      ipFamilyPolicy: spec["ipFamilyPolicy"] ?? "SingleStack",
      internalTrafficPolicy: spec["internalTrafficPolicy"] ?? "Cluster",
      ...(onNodes.includes(type) && {
        externalTrafficPolicy: spec["externalTrafficPolicy"] ?? "Cluster",
      }),
      ...(type === "LoadBalancer" && {
        allocateLoadBalancerNodePorts: spec["allocateLoadBalancerNodePorts"] ?? true,
      }),
    },
  };
}

function nameOf({ metadata }: KubeObject): string {
  return `${String(metadata["namespace"])}/${String(metadata["name"])}`;
}

/** The same for the same name: nothing but the Service needs to be remembered. */
function addressOf(service: KubeObject): string {
  const [one, two] = numbersOf(nameOf(service));
  return `10.0.${one}.${two}`;
}

interface PortOf {
  readonly service: KubeObject;
  readonly before: KubeObject | undefined;
  readonly type: Json;
}

function preparedPort(port: JsonObject, { service, before, type }: PortOf): JsonObject {
  const { nodePort, ...rest } = port;
  const same = arrayOf(at(before, "spec", "ports")).find(
    (each) => at(each, "port") === port["port"],
  );
  const given = nodePort ?? at(same, "nodePort") ?? drawn(service, port);
  return {
    ...rest,
    protocol: port["protocol"] ?? "TCP",
    targetPort: port["targetPort"] ?? port["port"] ?? 0,
    ...(onNodes.includes(type) && { nodePort: given }),
  };
}

function drawn(service: KubeObject, port: JsonObject): number {
  const [one, two, three] = numbersOf(`${nameOf(service)}:${JSON.stringify(port["port"])}`);
  return nodePortMin + ((one * 62_500 + two * 250 + three) % nodePortCount);
}

export function serviceErrors(service: KubeObject, before?: KubeObject): readonly FieldError[] {
  const spec = objectOf(service["spec"]);
  const ports = arrayOf(spec["ports"]);
  const isNamed = ports.length > 1;
  const needsPorts = spec["type"] !== "ExternalName" && spec["clusterIP"] !== "None";
  return [
    ...(ports.length === 0 && needsPorts ? [requiredValue("spec.ports")] : []),
    ...ports.flatMap((port, index) => portErrors(objectOf(port), `spec.ports[${index}]`, isNamed)),
    ...addressErrors(spec, before),
  ];
}

function portErrors(port: JsonObject, path: string, isNamed: boolean): readonly FieldError[] {
  const number = port["port"];
  const isPort = typeof number === "number" && number >= 1 && number <= 65_535;
  const because = "must be between 1 and 65535, inclusive";
  return [
    ...(isPort ? [] : [invalidValue(`${path}.port`, number ?? 0, because)]),
    ...(isNamed && port["name"] === undefined ? [requiredValue(`${path}.name`)] : []),
  ];
}

function addressErrors(spec: JsonObject, before: KubeObject | undefined): readonly FieldError[] {
  const had = at(before, "spec", "clusterIP");
  const isExternal = [spec["type"], at(before, "spec", "type")].includes("ExternalName");
  if (had === undefined || isExternal || had === spec["clusterIP"]) return [];
  const because = "may not change once set";
  return [invalidValue("spec.clusterIPs[0]", [spec["clusterIP"] ?? null], because)];
}
