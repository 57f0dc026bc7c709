import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

/** Loads the bundle as the runtime's worker does, and tells what it registered. */
const loader = `
  import { provideCoreModule } from "./infra/local/functions-host/core-module.ts";
  const core = provideCoreModule(() => {});
  await import("./dist/functions.mjs");
  const names = [...core.functions.values()].map(({ name, trigger }) => [name, trigger.type]);
  process.stdout.write(JSON.stringify(names.toSorted()));
  process.exit(0);
`;

test("the bundle registers the function of each trigger file", { timeout: 120_000 }, async () => {
  await run(process.execPath, ["infra/build.ts"], { cwd: root });
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", loader], {
    cwd: root,
  });
  const files = readdirSync(join(root, "functions"));
  const registered = files.map((file) => {
    const source = readFileSync(join(root, "functions", file), "utf8");
    return /app\.(http|timer|eventGrid|storageQueue|cosmosDB)\("([a-z-]+)"/.exec(source)?.[2];
  });
  const names = (JSON.parse(stdout) as [string, string][]).map(([name]) => name);
  expect(names).toEqual(registered.toSorted());
  expect(names.length).toBe(files.length);
});
