import { z } from "zod";
import { type Answer, answer, containerHeaders, documentsBody } from "./answers.ts";
import type { Container } from "./container.ts";
import { jsonOf } from "./item-requests.ts";
import { badRequest, notSupported } from "./refusal.ts";
import type { Replica } from "./replica.ts";
import { queryCharge } from "./request-units.ts";
import { formatContinuation, parseContinuation } from "./sql/continuation.ts";
import { constantOf, type Parameters, parametersOf } from "./sql/evaluate.ts";
import { parseQuery } from "./sql/parse-query.ts";
import { runQuery } from "./sql/run-query.ts";
import type { Operand, Query } from "./sql/syntax.ts";
import type { WireRequest } from "./wire.ts";

const rowsMax = 1_000;
const parsedQueriesMax = 500;

const queryBody = z.strictObject({
  query: z.string(),
  parameters: z.array(z.strictObject({ name: z.string(), value: z.unknown() })).optional(),
});

export interface QueryRequest {
  readonly container: Container;
  /** Undefined for a query over all partitions. */
  readonly partitionKey: string | undefined;
}

/**
 * Serves one page of a query.
 *
 * Over all partitions only what needs no merge is served: no order, aggregate, TOP or LIMIT. The
 * service answers those with a plan that the SDK carries out; the product does not ask for them.
 *
 * @throws Refusal (400)
 */
export function serveQuery(
  request: WireRequest,
  { container, partitionKey }: QueryRequest,
  replica: Replica,
): Answer {
  const body = bodyOf(request);
  const query = parsed(body.query);
  if (partitionKey === undefined) refuseMerge(query);
  const identity = JSON.stringify([container.number, partitionKey, body.query, body.parameters]);
  const token = request.headers["x-ms-continuation"];
  const asked = Number(request.headers["x-ms-max-item-count"] ?? -1);
  const one = partitionKey === undefined ? undefined : replica.partition(partitionKey);
  const page = runQuery({
    query,
    parameters: parametersOf(body.parameters),
    policy: container.policy,
    partitions: partitionKey === undefined ? replica.partitions() : one ? [one] : [],
    rowsMax: asked > 0 ? Math.min(asked, rowsMax) : rowsMax,
    from: token === undefined ? undefined : parseContinuation(identity, token),
  });
  const { rows, next } = page;
  return answer({
    status: 200,
    charge: queryCharge(page.work),
    body: documentsBody(container, rows),
    headers: {
      ...containerHeaders(container, replica.lsn()),
      "x-ms-item-count": String(rows.length),
      ...(next === undefined ? {} : { "x-ms-continuation": formatContinuation(identity, next) }),
    },
  });
}

/**
 * Serves the plan that the SDK asks for beside every query. It carries out plans only for queries
 * over all partitions that need a merge, which `serveQuery` refuses, so there is never anything to
 * rewrite.
 */
export function serveQueryPlan(request: WireRequest): Answer {
  const body = bodyOf(request);
  const query = parsed(body.query);
  const parameters = parametersOf(body.parameters);
  const { selection } = query;
  const plan = {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: "None",
      top: countOf(query.top, parameters),
      offset: countOf(query.offset, parameters),
      limit: countOf(query.limit, parameters),
      orderBy: query.orderBy.map((each) => (each.descending ? "Descending" : "Ascending")),
      orderByExpressions: query.orderBy.map((each) => ["c", ...each.path].join(".")),
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: selection.kind === "aggregate" ? [aggregateNames[selection.name]] : [],
      groupByAliasToAggregateType: {},
      rewrittenQuery: "",
      hasSelectValue: selection.kind === "value" || selection.kind === "aggregate",
      hasNonStreamingOrderBy: false,
      dCountInfo: null,
    },
    queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
  };
  return answer({ status: 200, charge: 0, body: JSON.stringify(plan) });
}

const aggregateNames = { COUNT: "Count", SUM: "Sum", MIN: "Min", MAX: "Max" } as const;

const parsedQueries = new Map<string, Query>();

function parsed(text: string): Query {
  const known = parsedQueries.get(text);
  if (known !== undefined) return known;
  const query = parseQuery(text);
  if (parsedQueries.size >= parsedQueriesMax) parsedQueries.clear();
  parsedQueries.set(text, query);
  return query;
}

function bodyOf(request: WireRequest): z.output<typeof queryBody> {
  const result = queryBody.safeParse(jsonOf(request));
  if (result.success) return result.data;
  throw badRequest("The query payload is invalid: must have a query and its parameters");
}

function refuseMerge({ selection, orderBy, top, limit }: Query): void {
  const merged = orderBy.length > 0 || top !== undefined || limit !== undefined;
  if (selection.kind !== "aggregate" && !merged) return;
  throw notSupported("ORDER BY, TOP, LIMIT or an aggregate without a partition key");
}

function countOf(operand: Operand | undefined, parameters: Parameters): number | null {
  const count = operand === undefined ? undefined : constantOf(operand, parameters);
  return typeof count === "number" ? count : null;
}
