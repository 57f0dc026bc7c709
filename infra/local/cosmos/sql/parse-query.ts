import { badRequest, notSupported } from "../refusal.ts";
import { syntaxError } from "./lexer.ts";
import { type ConditionScope, parseCondition, parseOperand, parsePath } from "./parse-condition.ts";
import type { AggregateName, Column, Operand, OrderBy, Query, Selection } from "./syntax.ts";
import { type TokenReader, tokenReader } from "./token-reader.ts";

/** The product orders by one or two paths. */
const orderByMax = 2;

const aggregates: ReadonlySet<string> = new Set<AggregateName>(["COUNT", "MIN", "MAX", "SUM"]);

/**
 * Parses a query of the supported form; see `syntax.ts`.
 *
 * @throws Refusal (400), both for what is wrong and for what is not supported.
 *
 * @example
 *     parseQuery("SELECT * FROM c WHERE c.kind = @kind ORDER BY c.name OFFSET 0 LIMIT 10")
 */
export function parseQuery(text: string): Query {
  const reader = tokenReader(text);
  const alias = aliasOf(text);
  const scope = { reader, alias };
  reader.expect("SELECT");
  refuse(reader, "DISTINCT");
  const top = reader.takeIf("TOP") ? parseCount(scope) : undefined;
  const selection = parseSelection(scope);
  reader.expect("FROM");
  reader.take();
  refuse(reader, "JOIN", "IN", "AS");
  const where = reader.takeIf("WHERE") ? parseCondition(scope) : undefined;
  refuse(reader, "GROUP", "HAVING");
  const orderBy = reader.takeIf("ORDER") ? parseOrderBy(scope) : [];
  const offset = reader.takeIf("OFFSET") ? parseCount(scope) : undefined;
  if (offset !== undefined) reader.expect("LIMIT");
  const limit = offset === undefined ? undefined : parseCount(scope);
  if (reader.next().kind !== "end") throw syntaxError(reader.next().text);
  return checked({ selection, top, where, orderBy, offset, limit });
}

/** The selection comes before FROM names the alias, so the alias is looked up first. */
function aliasOf(text: string): string {
  const reader = tokenReader(text);
  while (reader.next().kind !== "end") {
    if (reader.takeIf("FROM")) return aliasAfterFrom(reader);
    else reader.take();
  }
  throw syntaxError("");
}

function aliasAfterFrom(reader: TokenReader): string {
  const alias = reader.take();
  if (alias.kind !== "word") throw notSupported("a subquery in a query");
  return alias.text;
}

function checked(query: Query): Query {
  const limited = query.limit !== undefined || query.top !== undefined;
  if (query.selection.kind === "aggregate" && (limited || query.orderBy.length > 0)) {
    throw notSupported("an aggregate with TOP, ORDER BY or LIMIT");
  }
  if (query.limit !== undefined && query.top !== undefined) {
    throw badRequest("'TOP' can not be used in a query that has 'OFFSET LIMIT'.");
  }
  return query;
}

function parseSelection(scope: ConditionScope): Selection {
  const { reader } = scope;
  if (reader.takeIf("*")) return { kind: "all" };
  if (!reader.takeIf("VALUE")) return parseColumns(scope);
  const name = reader.next().text.toUpperCase();
  if (reader.next().text !== scope.alias && aggregates.has(name)) {
    return parseAggregate(scope, name as AggregateName);
  }
  const path = parsePath(scope);
  return path.length === 0 ? { kind: "all" } : { kind: "value", path };
}

function parseAggregate(scope: ConditionScope, name: AggregateName): Selection {
  const { reader } = scope;
  reader.take();
  reader.expect("(");
  if (name === "COUNT") {
    if (reader.take().text !== "1") throw notSupported("COUNT of anything but 1");
    reader.expect(")");
    return { kind: "aggregate", name, path: undefined };
  }
  const path = parsePath(scope);
  reader.expect(")");
  return { kind: "aggregate", name, path };
}

function parseColumns(scope: ConditionScope): Selection {
  const columns = [parseColumn(scope)];
  while (scope.reader.takeIf(",")) columns.push(parseColumn(scope));
  const names = new Set(columns.map((each) => each.name));
  if (names.size < columns.length) throw badRequest("A column name is specified more than once.");
  return { kind: "columns", columns };
}

function parseColumn(scope: ConditionScope): Column {
  const { reader, alias } = scope;
  if (aggregates.has(reader.next().text.toUpperCase())) {
    throw notSupported("an aggregate without VALUE");
  }
  const path = parsePath(scope);
  if (!reader.takeIf("AS")) return { name: path.at(-1) ?? alias, path };
  const name = reader.take();
  if (name.kind !== "word") throw syntaxError(name.text);
  return { name: name.text, path };
}

function parseOrderBy(scope: ConditionScope): OrderBy[] {
  const { reader } = scope;
  reader.expect("BY");
  const orderBy: OrderBy[] = [];
  do {
    const path = parsePath(scope);
    if (path.length === 0) throw badRequest("Cannot order by an item: must be one of its paths");
    const descending = reader.takeIf("DESC");
    if (!descending) reader.takeIf("ASC");
    orderBy.push({ path, descending });
  } while (reader.takeIf(","));
  if (orderBy.length > orderByMax)
    throw notSupported(`ORDER BY over more than ${orderByMax} paths`);
  return orderBy;
}

function parseCount(scope: ConditionScope): Operand {
  const operand = parseOperand(scope);
  const literal = operand.kind === "literal" && typeof operand.value === "number";
  if (!literal && operand.kind !== "parameter") throw syntaxError("TOP, OFFSET or LIMIT");
  return operand;
}

function refuse(reader: TokenReader, ...words: readonly string[]): void {
  const { kind, text } = reader.next();
  if (kind === "word" && words.includes(text.toUpperCase())) {
    throw notSupported(`"${text.toUpperCase()}" in a query`);
  }
}
