import { type CelContext, type CelNode, type CelType, type Checker, nodesOf } from "../cel-node.ts";

type Entries = readonly (readonly [key: CelNode, value: CelNode])[];

/**
 * Changes a parsed expression before it is checked: lists and maps with optional entries, which
 * stand at these places, are of any content.
 */
export function prepareOptionals(root: CelNode, places: ReadonlySet<number>): void {
  if (places.size === 0) return;
  for (const node of nodesOf(root)) {
    const isLiteral = node.op === "map" || node.op === "list";
    if (isLiteral && places.has(node.start ?? -1)) prepareLiteral(node);
  }
}

function prepareLiteral(node: CelNode): void {
  const check = (checker: Checker, _node: CelNode, context: CelContext): CelType => {
    const nodes = (node.args as readonly CelNode[] | Entries).flat() as readonly CelNode[];
    for (const each of nodes) checker.check(each, context);
    return checker.getType(node.op === "list" ? "list<dyn>" : "map<dyn, dyn>");
  };
  node.setMeta("check", check);
}
