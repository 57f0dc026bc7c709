/**
 * Runs a script or a tool of this project on the Node that a dev dependency brings, and installs
 * what the lock file names first when it is not there yet.
 *
 *     node infra/bootstrap.mjs infra/check.ts        a script
 *     node infra/bootstrap.mjs vitest run            a tool, by its package's name
 *
 * It is the one file that runs before anything is installed, so it is plain JavaScript that any
 * Node from 20 on understands.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [target, ...rest] = process.argv.slice(2);

installWhenStale();
run([...commandOf(target), ...rest]);

/** The lock file's hash is noted beside the packages, so that an unchanged one costs nothing. */
function installWhenStale() {
  const stamp = join(root, "node_modules", ".hubless-lock");
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const wanted = `${lock.digest("hex")} ${process.platform}-${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  process.stderr.write("Installing packages (once per lock file, about a minute)...\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(npm, flags, {
    cwd: root,
    stdio: ["ignore", process.stderr, process.stderr],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("Cannot install packages: see the messages of npm above\n");
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** A script as it is; a tool as the file that its package names as its command. */
function commandOf(name) {
  if (name === undefined) throw new Error("Cannot run: name a script or a tool");
  if (name.endsWith(".ts")) return [join(root, name)];
  const file = createRequire(import.meta.url).resolve(`${root}/node_modules/${packageOf(name)}`);
  const { bin } = JSON.parse(readFileSync(file, "utf8"));
  return [join(dirname(file), typeof bin === "string" ? bin : bin[name])];
}

function packageOf(tool) {
  const elsewhere = { biome: "@biomejs/biome", tsc: "typescript" };
  return `${elsewhere[tool] ?? tool}/package.json`;
}

function run(args) {
  const { version } = JSON.parse(
    readFileSync(join(root, "node_modules", "node", "package.json"), "utf8"),
  );
  const executable = process.platform === "win32" ? "node.exe" : "node";
  const bundled = join(root, "node_modules", "node", "bin", executable);
  const node = process.versions.node === version ? process.execPath : bundled;
  const child = spawn(node, args, { cwd: root, stdio: "inherit" });
  // The child gets a terminal's Ctrl-C itself and decides when it is done; others we pass on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}
