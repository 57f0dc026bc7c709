import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads the files that register functions, in alphabetical order. Throws an Error when there is
 * none, and rejects with what a file throws while it loads.
 */
export async function loadApp(appFolder: string, entry: string): Promise<void> {
  const files = globSync(entry, { cwd: appFolder }).toSorted();
  if (files.length === 0) {
    throw new Error(`Cannot load functions: "${entry}" must match a file in "${appFolder}"`);
  }
  for (const file of files) await import(pathToFileURL(join(appFolder, file)).href);
}
