/**
 * What the exports of one service come to, by the rules of KEP-1645: ports are the union of all
 * exports' ports; where two exports disagree, the older ServiceExport wins, and the service is
 * still served by all of them.
 *
 * R1. The order of the exports does not matter.
 * R2. Of two exports that disagree, the one created first wins; of two as old, the first by name.
 * R3. Each port of the import is a port of some export, and no two have one name or one number.
 * R4. A disagreement is told to all exports of the service, as the KEP asks.
 *
 * @see https://github.com/kubernetes/enhancements/issues/1645
 */
import type { Condition } from "../lib/kube-object.ts";
import type { ExportedService, ExportSeen, ServiceImport, ServicePort } from "./model.ts";

export interface MemberExport {
  readonly member: string;
  readonly export: ExportSeen;
}

export interface Resolved {
  /** Undefined when no export takes part. */
  readonly status: ServiceImport["status"] | undefined;
  /** `Conflict` of each export that takes part; it is the same for all. */
  readonly conflict: Omit<Condition, "lastTransitionTime">;
}

/** A longer message is cut. */
const messageCharactersMax = 1024;

/** `importedBefore`: the members that the import lists now. */
export function resolve(
  exports: readonly MemberExport[],
  importedBefore: ReadonlySet<string>,
): Resolved {
  const taking = exports.filter((each) => takesPart(each, importedBefore)).toSorted(byPrecedence);
  const [oldest] = taking;
  const conflicts: string[] = [];
  const ports: ServicePort[] = [];
  for (const { member, service } of taking.flatMap(withService)) {
    for (const port of service.ports) {
      const against = ports.find((each) => collides(each, port));
      if (against === undefined) ports.push(port);
      else if (!isSamePort(against, port)) {
        conflicts.push(
          `PortConflict: ${describe(port)} of "${member}" differs from ${describe(against)}`,
        );
      }
    }
    if (service.sessionAffinity !== oldest?.export.service?.sessionAffinity) {
      conflicts.push(`SessionAffinityConflict: "${member}" has ${service.sessionAffinity}`);
    }
  }
  return {
    status: oldest && {
      type: "ClusterSetIP",
      ports,
      sessionAffinity: oldest.export.service?.sessionAffinity ?? "None",
      clusters: taking.map(({ member }) => ({ cluster: member })).toSorted(byCluster),
    },
    conflict: conflictCondition(conflicts),
  };
}

/**
 * Whether an export counts. A weight of 0 takes it out. A weight that cannot be read changes
 * nothing: a slip of the pen must not cut traffic.
 */
export function takesPart(
  { member, export: seen }: MemberExport,
  importedBefore: ReadonlySet<string>,
): boolean {
  if (seen.service === undefined) return false;
  if (seen.validity === "ServiceExportInvalidWeightAnnotation") return importedBefore.has(member);
  return seen.validity === "ServiceIsValid" && seen.weight > 0;
}

/** Instants have one width, so text order is time order. */
const byPrecedence = (one: MemberExport, other: MemberExport): number =>
  compare(one.export.createdAt, other.export.createdAt) || compare(one.member, other.member);

const byCluster = (one: { readonly cluster: string }, other: { readonly cluster: string }) =>
  compare(one.cluster, other.cluster);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const withService = ({
  member,
  export: { service },
}: MemberExport): readonly { readonly member: string; readonly service: ExportedService }[] =>
  service === undefined ? [] : [{ member, service }];

/** Two ports of one import cannot share a name, nor a protocol and number. */
const collides = (one: ServicePort, other: ServicePort): boolean =>
  one.name === other.name || (one.protocol === other.protocol && one.port === other.port);

const isSamePort = (one: ServicePort, other: ServicePort): boolean =>
  one.name === other.name &&
  one.protocol === other.protocol &&
  one.port === other.port &&
  one.appProtocol === other.appProtocol;

const describe = ({ name, protocol, port }: ServicePort): string =>
  name === "" ? `port ${port}/${protocol}` : `port "${name}" ${port}/${protocol}`;

function conflictCondition(conflicts: readonly string[]): Omit<Condition, "lastTransitionTime"> {
  return conflicts.length === 0
    ? {
        type: "Conflict",
        status: "False",
        reason: "NoConflictFound",
        message: "No export of the service differs from another",
      }
    : {
        type: "Conflict",
        status: "True",
        reason: "ConflictFound",
        message: conflicts.join("; ").slice(0, messageCharactersMax),
      };
}
