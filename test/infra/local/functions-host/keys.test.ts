import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type HostKeys,
  levelOfKey,
  opens,
  readOrCreateKeys,
} from "../../../../infra/local/functions-host/keys.ts";

const keys: HostKeys = {
  master: "m",
  host: { default: "h" },
  functions: { one: { default: "f1" }, two: { default: "f2" } },
  system: { eventgrid_extension: "s" },
};

test.each([
  ["m", {}, "admin"],
  ["m", { systemKey: "eventgrid_extension" }, "admin"],
  ["h", { functionName: "one" }, "function"],
  ["f1", { functionName: "one" }, "function"],
  ["f2", { functionName: "one" }, "anonymous"],
  ["s", { functionName: "one" }, "anonymous"],
  ["s", { systemKey: "eventgrid_extension" }, "system"],
  ["h", { systemKey: "eventgrid_extension" }, "anonymous"],
  ["s", { systemKey: "other_extension" }, "anonymous"],
  ["", {}, "anonymous"],
  [undefined, {}, "anonymous"],
])("the key %o reaches, at %j, level %s", (key, lock, want) => {
  expect(levelOfKey(keys, key, lock)).toBe(want);
});

test("a level opens what needs as much or less", () => {
  expect(opens("anonymous", "anonymous")).toBe(true);
  expect(opens("system", "function")).toBe(false);
  expect(opens("admin", "function")).toBe(true);
});

test("keys are made once, kept for the owner only, and added to for new functions", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "keys-")), "state/keys.json");
  const first = await readOrCreateKeys(file, ["one"]);
  const second = await readOrCreateKeys(file, ["one", "two"]);
  const two = second.functions["two"] ?? {};
  expect(second).toEqual({ ...first, functions: { ...first.functions, two } });
  expect(Object.keys(two)).toEqual(["default"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const all = [second.master, second.host["default"], second.system["eventgrid_extension"]];
  expect(new Set(all).size).toBe(3);
});

test("a keys' file that is no JSON is an error and is left alone", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "keys-")), "keys.json");
  await writeFile(file, "{");
  await expect(readOrCreateKeys(file, [])).rejects.toThrow(SyntaxError);
});
