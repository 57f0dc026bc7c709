/** The static gate: format, lint, types, unused code. Runs every part and names those that fail. */
import { spawnSync } from "node:child_process";

const parts: readonly (readonly [name: string, ...command: string[]])[] = [
  ["format and lint", "biome", "ci", "--error-on-warnings"],
  ["types", "tsc"],
  [
    "lint with types",
    "oxlint",
    "--type-aware",
    "--deny-warnings",
    "functions",
    "shared",
    "test",
    "infra",
  ],
  ["unused code", "knip", "--no-progress"],
];

const failed: string[] = [];
for (const [name, ...command] of parts) {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, ["infra/bootstrap.mjs", ...command], {
    stdio: "inherit",
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`Cannot pass: ${failed.join(", ")}\n`);
  process.exit(1);
}
