import { clusterIdOf, type Member } from "../../fleet/model.ts";
import type { Document } from "../../lib/document.ts";
import type { OpenApiSource } from "./model.ts";

/** The member as a source; undefined for one that has not joined, is not well or leaves. */
export function sourceOf(member: Document<Member> | undefined): OpenApiSource | undefined {
  if (member === undefined || isLeaving(member)) return undefined;
  const { status, arm } = member.body;
  const isTrue = (type: string) =>
    status.conditions.some((each) => each.type === type && each.status === "True");
  const kubernetesVersion = status.cluster?.kubernetesVersion ?? "";
  if (!isTrue("Joined") || !isTrue("Healthy") || kubernetesVersion === "") return undefined;
  return {
    member: member.key.name,
    cluster: clusterIdOf(arm.clusterResourceId),
    kubernetesVersion,
  };
}

export function isLeaving({ body, deletedAt }: Document<Member>): boolean {
  return deletedAt !== undefined || body.metadata.deletionTimestamp !== undefined;
}

/** The one of the highest Kubernetes version; the first by name of several. */
export function bestSource(
  members: readonly Document<Member>[],
  except: string,
): OpenApiSource | undefined {
  return members
    .filter(({ key }) => key.name !== except)
    .map(sourceOf)
    .filter((source) => source !== undefined)
    .reduce<OpenApiSource | undefined>(
      (best, each) => (best === undefined || isNewer(each, best) ? each : best),
      undefined,
    );
}

/** Whether a source runs a later Kubernetes: "1.34.0" is later than "1.33.10". */
export function isNewer(one: OpenApiSource, other: OpenApiSource): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  const index = left.findIndex((number, at) => number !== right[at]);
  return index >= 0 && (left[index] ?? 0) > (right[index] ?? 0);
}

function numbersOf({ kubernetesVersion }: OpenApiSource): readonly number[] {
  const [, ...numbers] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(kubernetesVersion) ?? [];
  return [0, 1, 2].map((index) => Number(numbers[index] ?? 0));
}
