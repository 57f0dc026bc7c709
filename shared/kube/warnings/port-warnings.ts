import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, textOf } from "../json.ts";

interface Port {
  readonly where: string;
  readonly name: string;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
}

/** So many pairs of ports are compared; who has more of them has warnings enough. */
const comparisonsMax = 100_000;

/** Ports of a pod's containers, which share one address, that stand in each other's way. */
export function* portWarnings(
  containers: readonly { readonly container: Json; readonly where: string }[],
): Iterable<string> {
  const ports = containers.flatMap(({ container, where }) =>
    arrayOf(at(container, "ports")).map((port, index) => portOf(port, `${where}.ports[${index}]`)),
  );
  const known = new Map<string, Port[]>();
  let comparisons = 0;
  for (const port of ports) {
    if (port.hostIp !== "" && port.hostPort === 0) {
      yield `${port.where}: hostIP set without hostPort: ${printedPort(port)}`;
    }
    const key = `${port.containerPort}/${port.protocol}`;
    const others = known.get(key) ?? [];
    for (const other of others) {
      comparisons += 1;
      if (comparisons > comparisonsMax) return;
      const conflict = conflictOf(port, other);
      if (conflict !== undefined) yield `${port.where}: ${conflict} with ${other.where}`;
    }
    others.push(port);
    known.set(key, others);
  }
}

function conflictOf(port: Port, other: Port): string | undefined {
  const isSamePort = port.hostPort === other.hostPort;
  if (isSamePort && port.hostIp === other.hostIp) return "duplicate port definition";
  if (port.hostPort === 0 || other.hostPort === 0) return "overlapping port definition";
  const isAmbiguous = isSamePort && (port.hostIp === "") !== (other.hostIp === "");
  return isAmbiguous ? "dangerously ambiguous port definition" : undefined;
}

function portOf(port: Json, where: string): Port {
  const number = (name: string): number => {
    const value = at(port, name);
    return typeof value === "number" ? value : 0;
  };
  return {
    where,
    name: textOf(at(port, "name")) ?? "",
    containerPort: number("containerPort"),
    protocol: textOf(at(port, "protocol")) || "TCP",
    hostIp: textOf(at(port, "hostIP")) ?? "",
    hostPort: number("hostPort"),
  };
}

/** As Go prints it. */
function printedPort({ name, hostPort, containerPort, protocol, hostIp }: Port): string {
  return (
    `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} ` +
    `Protocol:${protocol} HostIP:${hostIp}}`
  );
}
