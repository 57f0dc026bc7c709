/** Writes the manifests and the reference that are made of the schemas of the hub's kinds. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifests } from "./hub/manifests.ts";

const root = join(import.meta.dirname, "..");

for (const [file, text] of manifests()) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  process.stdout.write(`${file}\n`);
}
