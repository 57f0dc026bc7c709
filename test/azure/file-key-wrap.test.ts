import { appendFile, chmod, rename, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fileKeyWrap, newKeyLine } from "../../shared/azure/file-key-wrap.ts";
import { keyWrapContract } from "../effects/key-wrap.contract.ts";
import { keyFile } from "./seal/sealing.ts";

keyWrapContract("fileKeyWrap", async () => {
  const file = await keyFile();
  return {
    wrap: () => fileKeyWrap(file),
    rotate: async () => await appendFile(file, newKeyLine()),
    away: async () => await rename(file, `${file}.away`),
    back: async () => await rename(`${file}.away`, file),
  };
});

const dataKey = new Uint8Array(32).fill(7);

test("a file of keys that others may read is not used", async () => {
  const file = await keyFile();
  await chmod(file, 0o640);
  const refusal = { code: "Unavailable", message: expect.stringContaining("0600") as unknown };
  await expect(fileKeyWrap(file).wrap(dataKey)).rejects.toMatchObject(refusal);
});

test.each([
  ["no key", "\n"],
  ["a key that is too short", "c2hvcnQ=\n"],
  ["something else", "-----BEGIN PRIVATE KEY-----\n"],
])("a file with %s wraps nothing, and its content is not told", async (_case, content) => {
  const file = await keyFile(content);
  const refusal = await fileKeyWrap(file).wrap(dataKey).catch(String);
  expect(refusal).toMatch(/Cannot (wrap|use)/);
  expect(refusal).not.toContain(content.trim() || "never");
});

test("a data key of a version that the file has lost stays closed", async () => {
  const file = await keyFile();
  const wrapped = await fileKeyWrap(file).wrap(dataKey);
  await writeFile(file, newKeyLine());
  const refusal = { code: "Unavailable", message: expect.stringContaining(wrapped.by) as unknown };
  await expect(fileKeyWrap(file).unwrap(wrapped)).rejects.toMatchObject(refusal);
});
