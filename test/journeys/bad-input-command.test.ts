/** What `npm start` cannot take. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { usage } from "../../infra/local/arguments.ts";

/** As `npm start -- …` runs it. */
async function start(...words: readonly string[]) {
  const child = spawn(process.execPath, ["infra/bootstrap.mjs", "infra/local/main.ts", ...words], {
    cwd: new URL("../..", import.meta.url),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, said };
}

test.concurrent.each([
  [["--port", "abc"], 'Cannot use --port "abc": must be an integer from 1 to 65535'],
  [["--once", "--members=0"], 'Cannot use --members "0": must be an integer from 1 to 1000'],
  [["--nonsense"], "Unknown option '--nonsense'"],
  [["twice"], "Unexpected argument 'twice'. This command does not take positional arguments"],
])("npm start -- %j ends with a sentence and the usage", async (words, sentence) => {
  const { code, out, said } = await start(...words);
  expect(said).toBe(`${sentence}\n\n${usage}\n`);
  expect(out, "nothing was started").toBe("");
  expect(code).toBe(2);
});
