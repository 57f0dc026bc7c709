import { expect, test } from "vitest";
import { errorLine, textLog } from "../../../../infra/local/functions-host/log.ts";

test("an entry is a line with time, level and function, and quiet ones are left out", () => {
  const lines: string[] = [];
  const log = textLog("warning", (text) => lines.push(text));
  log({ level: "debug", message: "Executing" });
  log({ level: "warning", message: "careful" });
  log({ level: "error", message: "boom", functionName: "on-wake" });
  const time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.\\d{3}Z";
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^${time} warning host: careful\n$`)),
    expect.stringMatching(new RegExp(`^${time} error on-wake: boom\n$`)),
  ]);
});

test("a log stops before it fills the disk, and says so", () => {
  const lines: string[] = [];
  const log = textLog("debug", (text) => lines.push(text));
  const message = "x".repeat(64 * 1024 * 1024);
  for (let index = 0; index < 6; index++) log({ level: "error", message });
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/^Log ends/);
});

test.each<[error: unknown, want: string]>([
  [new Error("a", { cause: new Error("b") }), "a: b"],
  [Object.assign(new Error(""), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  ["text", "text"],
  [{ odd: 1 }, "{ odd: 1 }"],
])("something thrown is told in a line: %o", (error, want) => {
  expect(errorLine(error)).toBe(want);
});
