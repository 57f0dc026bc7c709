/** Runs every test, or those whose file names hold one of the given words. */
import { spawnSync } from "node:child_process";

const { status } = spawnSync(
  process.execPath,
  [
    "infra/bootstrap.mjs",
    "vitest",
    "run",
    "--config",
    "test/vitest.config.ts",
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
