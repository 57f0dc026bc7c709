/**
 * `npm run bench [-- PART...] [-- --json FILE]`: measures the parts that are named, or all. Figures
 * are medians of several rounds; ratios compare within one run, since machines differ and are busy.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import type { BenchPart, Figure } from "./figure.ts";
import { fleetLog } from "./fleet-log.ts";
import { hub } from "./hub.ts";
import { placement } from "./placement.ts";
import { tour } from "./tour.ts";
import { upgrade } from "./upgrade.ts";

const parts: readonly BenchPart[] = [fleetLog, hub, upgrade, placement, tour];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  const names = parts.map(({ name }) => name).join(", ");
  process.stderr.write(`Cannot measure "${unknown.join(", ")}": must be one of ${names}\n`);
  process.exit(2);
}

const machine = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores`;
print(`Machine: ${machine}; Node ${process.versions.node}\n`);
const figures: (Figure & { readonly part: string })[] = [];
for (const part of parts) {
  if (positionals.length > 0 && !positionals.includes(part.name)) continue;
  print(`${part.name}: leaves out ${part.leavesOut}`);
  for (const each of await part.measure((line) => print(`  ${line}`))) {
    figures.push({ part: part.name, ...each });
    print(`  ${lineOf(each)}`);
  }
  print("");
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ machine, figures }, undefined, 2)}\n`);
  print(`Wrote ${values.json}`);
}
const missed = figures.filter(({ holds }) => holds === false);
print(missed.length === 0 ? "Every limit holds." : `${missed.length} limits do not hold.`);
process.exit(0);

function lineOf({ name, unit, median, p90, limit, holds }: Figure): string {
  const bounds = [
    limit?.atMost === undefined ? [] : `at most ${limit.atMost}`,
    limit?.atLeast === undefined ? [] : `at least ${limit.atLeast}`,
  ].flat();
  const verdict = holds === true ? "holds" : "MISSED";
  const judged = holds === undefined ? "" : ` (${bounds.join(", ")}: ${verdict})`;
  return `${name}: ${median} ${unit}, p90 ${p90}${judged}`;
}
