import type { UsageSeen } from "../../fleet/model.ts";
import { arrayOf, at, isArray, isObject, textOf } from "../../kube/json.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { KubeAnswer, KubeClient } from "./kube-client.ts";
import { requestsOf } from "./pod-requests.ts";
import {
  type Amounts,
  amountsOf,
  formatAmounts,
  minus,
  noAmounts,
  plus,
} from "./resource-amounts.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** As large as kubectl's: a page of pods has some 5 MB. */
const objectsPerPage = 500;
/** 100,000 nodes or pods: AKS has up to 5,000 nodes in a cluster. */
const pagesMax = 200;
/** What is not read by then is not known, so that no look outlives its message. */
const readMillisecondsMax = 60_000;

/** Finished pods take nothing of their node any more. */
const unfinished = "status.phase!=Succeeded,status.phase!=Failed";

/**
 * Sums what a cluster's nodes have and what the pods on them ask for. All of it is read or nothing
 * is told: throws `UnreachableError` for a list that is refused, breaks off or does not end.
 */
export async function seeUsage(client: KubeClient): Promise<UsageSeen> {
  const until = performance.now() + readMillisecondsMax;
  let nodeCount = 0;
  let capacity = noAmounts;
  let allocatable = noAmounts;
  for await (const nodes of pagesOf(client, { what: "nodes", until })) {
    nodeCount += nodes.length;
    capacity = sum(capacity, nodes, (node) => amountsOf(at(node, "status", "capacity")));
    allocatable = sum(allocatable, nodes, (node) => amountsOf(at(node, "status", "allocatable")));
  }
  let taken = noAmounts;
  for await (const pods of pagesOf(client, { what: "pods", fieldSelector: unfinished, until })) {
    taken = sum(taken, pods.filter(isOnNode), requestsOf);
  }
  return {
    kind: "seen",
    nodeCount,
    capacity: formatAmounts(capacity),
    allocatable: formatAmounts(allocatable),
    available: formatAmounts(minus(allocatable, taken)),
  };
}

const sum = (
  start: Amounts,
  objects: readonly JsonObject[],
  amounts: (object: JsonObject) => Amounts,
): Amounts => objects.map(amounts).reduce(plus, start);

/** A pod that waits for a node takes nothing of one yet. */
const isOnNode = (pod: JsonObject): boolean => (textOf(at(pod, "spec", "nodeName")) ?? "") !== "";

interface List {
  /** The plural of a kind of the core group. */
  readonly what: string;
  readonly fieldSelector?: string;
  readonly until: number;
}

async function* pagesOf(
  client: KubeClient,
  { what, fieldSelector, until }: List,
): AsyncGenerator<readonly JsonObject[]> {
  const query = new URLSearchParams({ limit: String(objectsPerPage) });
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  for (let page = 0; page < pagesMax && performance.now() < until; page++) {
    const answer = await client.ask({ method: "GET", path: `/api/v1/${what}?${query}` });
    const { items } = answer.body;
    if (answer.status !== 200 || !isArray(items)) throw refusal(what, answer);
    yield arrayOf(items).filter(isObject);
    const next = textOf(at(answer.body, "metadata", "continue")) ?? "";
    if (next === "") return;
    query.set("continue", next);
  }
  throw new UnreachableError(`the API server has more ${what} than can be counted`, false);
}

function refusal(what: string, { status, body }: KubeAnswer): UnreachableError {
  const said = textOf(body["message"]) ?? "its list cannot be read";
  return new UnreachableError(
    `the API server does not tell its ${what} (${status}): ${said}`,
    false,
  );
}
