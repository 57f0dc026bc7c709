/**
 * The import rules of shared/README.md, purity and sizes, kept by a test. A failure names the file
 * and the import, word or line.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path/posix";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const files = globSync("{functions,shared,infra,test}/**/*.ts", { cwd: root }).toSorted();
const sourceOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** "shared/updates" for each file in or under it. */
const folderOf = (file: string): string => file.split("/").slice(0, 2).join("/");

const domain = /^shared\/(fleet|placement|rollout|updates|traffic)\//;

/** Files of a domain that look or act; all others only think. */
const looksOrActs = /\/([a-z-]+-)?controller\.ts$|\/(save|act|observe)-[a-z-]+\.ts$/;
const isPure = (file: string): boolean =>
  /^shared\/lib\//.test(file) || (domain.test(file) && !looksOrActs.test(file));

const lib = "shared/lib/";
const effects = "shared/effects/";
const rollout = "shared/rollout/";

/** Lines that the formatter cannot break: an import of a long name, the name of a test. */
const unbreakable = /^(import|export) .* from |^ *(test|describe)\(/;

/**
 * The first row that fits a file is its rule. Each file may also import its own folder and each
 * domain's `model.ts`.
 */
const rules: readonly (readonly [file: RegExp, may: readonly string[]])[] = [
  [/^functions\//, ["@azure/functions", "shared/"]],
  [/^shared\/lib\//, ["node:crypto", "node:util"]],
  [/\/model\.ts$/, [lib]],
  [/^shared\/effects\//, [lib]],
  [/^shared\/kube\//, [lib, effects, "node:", "@marcbachmann/cel-js", "js-yaml", "re2js"]],
  [/^shared\/reconcile\//, [lib, effects, "node:timers/promises"]],
  [
    /^shared\/hub\//,
    [lib, effects, "shared/kube/", "shared/placement/", "shared/reconcile/", "node:"],
  ],
  [/^shared\/admin\//, [lib, effects, "shared/fleet/", "shared/updates/", "zod", "node:"]],
  [/^shared\/dashboard\//, [lib, effects]],
  [
    /^shared\/azure\//,
    [lib, effects, "shared/kube/", "@azure/", "@kubernetes/", "jose", "zod", "node:", "js-yaml"],
  ],
  // Placement makes and ends the bindings that rollout keeps.
  [/^shared\/placement\/.*controller\.ts$/, [lib, effects, "shared/reconcile/", rollout]],
  [/^shared\/placement\/(?!observe-)/, [lib, "shared/reconcile/plan.ts", rollout]],
  [looksOrActs, [lib, effects, "shared/reconcile/", "node:"]],
  [domain, [lib, "shared/reconcile/plan.ts"]],
  [/^shared\/[a-z-]+\.ts$/, ["shared/", "@azure/", "zod", "node:"]],
  [/^infra\/member\//, [lib, "@azure/", "@kubernetes/", "zod", "node:", "infra/member/"]],
  [/^(infra|test)\//, [""]],
];

/** Words that a pure file cannot say, each with what to do instead. */
const impure: readonly (readonly [word: string, instead: string])[] = [
  ["Date.now", "take `now` as an argument"],
  ["new Date()", "take `now` as an argument"],
  ["Math.random", "take what varies as an argument"],
  ["randomUUID", "let the store or the controller make ids"],
  ["process.", "read the environment in config.ts"],
  ["async ", "move it to controller.ts"],
  ["await ", "move it to controller.ts"],
  ["console.", "say it in `because`"],
];

describe.each(files)("%s", (file) => {
  const source = sourceOf(file);

  test("imports what its place allows", () => {
    const may = rules.find(([place]) => place.test(file))?.[1] ?? [];
    const allowed = (to: string) =>
      folderOf(to) === folderOf(file) ||
      to.endsWith("/model.ts") ||
      may.some((each) => to.startsWith(each));
    expect(importsOf(file, source).filter((to) => !allowed(to))).toEqual([]);
  });

  if (isPure(file)) {
    test("is pure", () => {
      const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      expect(impure.filter(([word]) => code.includes(word))).toEqual([]);
    });
  }

  test("is short enough to read at once", () => {
    const lines = source.split("\n");
    const linesMax = file.startsWith("functions/") ? 60 : file.startsWith("test/") ? 400 : 300;
    expect(lines.length).toBeLessThanOrEqual(linesMax);
    expect(lines.filter((line) => line.length > 100 && !unbreakable.test(line))).toEqual([]);
  });
});

test("nobody in shared/ or functions/ imports the laptop or a test", () => {
  const product = files.filter((file) => /^(shared|functions)\//.test(file));
  const wrong = product.flatMap((file) =>
    importsOf(file, sourceOf(file))
      .filter((to) => /^(infra|test|functions)\//.test(to))
      .map((to) => `${file} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("chance in tests has one seed", () => {
  const own = files.filter(
    (file) => file.startsWith("test/") && importsOf(file, sourceOf(file)).includes("fast-check"),
  );
  expect(own).toEqual(["test/chance.ts"]);
});

function importsOf(file: string, source: string): string[] {
  return [...source.matchAll(/^(?:import|export)[^;]*? from "([^"]+)";/gm)].map(([, to = ""]) =>
    to.startsWith(".") ? join(dirname(file), to) : to,
  );
}
