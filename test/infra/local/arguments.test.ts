import { expect, test } from "vitest";
import { parseArguments } from "../../../infra/local/arguments.ts";

test("without words the cloud starts with six clusters on port 7071 and keeps its state", () => {
  expect(parseArguments([])).toMatchObject({
    kind: "options",
    options: { once: false, members: 6, port: 7071, speed: 150, fresh: false },
  });
});

test("the tour begins with nothing, and leaves alone what other starts keep", () => {
  const once = parseArguments(["--once"]);
  const other = parseArguments([]);
  if (once.kind !== "options" || other.kind !== "options") throw new Error("must be options");
  expect(once.options.fresh).toBe(true);
  expect(once.options.stateFolder).not.toBe(other.options.stateFolder);
});

test.each([
  [["--members", "0"], '--members "0": must be an integer from 1 to 1000'],
  [["--members", "2.5"], '--members "2.5": must be an integer from 1 to 1000'],
  [["--port", "abc"], '--port "abc": must be an integer from 1 to 65535'],
  [["--speed=-1"], '--speed "-1": must be a number above 0 and up to 10000'],
  [["--nonsense"], "--nonsense"],
  [["word"], "word"],
])("%j is refused with a sentence", (args, sentence) => {
  const parsed = parseArguments(args);
  expect(parsed.kind === "wrong" && parsed.message).toContain(sentence);
});

test("help is asked for", () => {
  expect(parseArguments(["--help"]).kind).toBe("help");
});
