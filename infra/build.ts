/**
 * Bundles every trigger into `dist/functions.mjs`, so that a cold start reads one file instead of
 * thousands. `func start` and `azd up` run what this makes.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const outfile = join(root, "dist", "functions.mjs");

// Some Azure packages are CommonJS: in an ES module they need a `require`.
const banner = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
`;

const triggers = (await readdir(join(root, "functions"))).toSorted();

await rm(join(root, "dist"), { recursive: true, force: true });
await build({
  stdin: {
    contents: triggers.map((file) => `import "./functions/${file}";`).join("\n"),
    resolveDir: root,
  },
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minify: true,
  sourcemap: true,
  // The Functions host provides this module, by intercepting `require`.
  external: ["@azure/functions-core"],
  banner: { js: banner },
  logLevel: "warning",
  outfile,
});

const kilobytes = Math.round((await stat(outfile)).size / 1000);
process.stdout.write(`Built dist/functions.mjs: ${triggers.length} triggers, ${kilobytes} kB\n`);
