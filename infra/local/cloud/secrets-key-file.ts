import { existsSync } from "node:fs";
import { link, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newKeyLine } from "../../../shared/azure/file-key-wrap.ts";

/**
 * The file that stands for Key Vault on a laptop, made at the first start: without it, what the
 * fleet log holds of Secrets is lost. It appears complete and is never overwritten.
 */
export async function secretsKeyFile(stateFolder: string): Promise<string> {
  const file = join(stateFolder, "secrets.key");
  if (existsSync(file)) return file;
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, newKeyLine(), { mode: 0o600 });
  try {
    await link(fresh, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return file;
}
