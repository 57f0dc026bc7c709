/** Each kubectl of this machine against the hub of one running laptop cloud. */
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { endLaptops, type Laptop, startLaptop } from "../journeys/laptop.ts";
import {
  findKubectls,
  kubectlVersions,
  noKubectl,
  type Ran,
  runKubectl,
  untilKubectl,
} from "../kube/kubectl.ts";
import { type Feature, featuresSince } from "./kubectl-features.ts";

/** The versions that the hub promises to work with. */
export const promised = Array.from({ length: 15 }, (_, index) => 20 + index);

/** What this machine has; the oldest, the usual and the newest are put through everything. */
export const matrix = kubectlVersions().map(({ program, minor }, index, { length }) => ({
  program,
  minor,
  name: `1.${minor}`,
  isThorough: index === 0 || index === length - 1 || program === findKubectls()[0],
}));

type Entry = (typeof matrix)[number];

/** One kubectl, whose context names a namespace of its own. */
export interface HubKubectl extends Entry {
  /** "k-1-28" */
  readonly namespace: string;
  readonly laptop: () => Laptop;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Runs it; it must succeed without a word on standard error. Gives what it printed. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
  /** Runs it; it must fail. Gives what it printed to standard error. */
  readonly fails: (...args: readonly string[]) => Promise<string>;
  /** Runs it until what it prints satisfies the test. */
  readonly until: (
    isEnough: (out: string) => boolean,
    ...args: readonly string[]
  ) => Promise<string>;
  /** A file that `-f` can name; its folder is made too. */
  readonly file: (name: string, content: object | string) => Promise<string>;
  /** A program that `edit` calls with the file to edit: a shell script. */
  readonly editor: (script: string) => Promise<void>;
  /** True when this version has the feature; those that lack it must say so. */
  readonly has: (feature: Feature) => boolean;
  /** Expects a kubectl that is too old for the feature to refuse the command itself. */
  readonly lacks: (...args: readonly string[]) => Promise<void>;
}

/** A few of all: what changes little from version to version, and takes its time. */
export const someOfMatrix = matrix.filter(({ isThorough, minor }) => isThorough || minor === 28);

interface Cloud {
  /** Fills the cloud before the tests. */
  readonly prepare?: (laptop: Laptop) => Promise<void>;
  readonly entries?: typeof matrix;
}

/** Registers the tests once for each kubectl; all of a file share one cloud. */
export function onEachKubectl(
  tests: (kubectl: HubKubectl) => void,
  { prepare, entries = matrix }: Cloud = {},
): void {
  describe.skipIf(entries.length === 0)(`the hub (skipped when ${noKubectl})`, () => {
    let laptop: Laptop;
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "hubless-matrix-"));
      laptop = await startLaptop();
      await prepare?.(laptop);
    }, 90_000);
    afterAll(async () => {
      await endLaptops();
      await rm(folder, { recursive: true, force: true });
    });
    describe.each(entries)("kubectl $name", (entry) => {
      const place = () => join(folder, entry.name);
      const kubectl = hubKubectl(entry, place, () => laptop);
      beforeAll(async () => {
        await mkdir(place());
        await cp(laptop.endpoints.kubeconfig, join(place(), "kubeconfig"));
        await kubectl.ok("config", "set-context", "--current", `--namespace=${kubectl.namespace}`);
        await kubectl.ok("create", "namespace", kubectl.namespace);
      });
      tests(kubectl);
    });
  });
}

/**
 * What an old kubectl says where the hub knows no schema of a built-in kind, because the fleet has
 * no member yet: it takes the merge keys of its own types.
 */
const fromOwnTypes = /^warning: error calculating patch from openapi spec: expected kind.*\n/gm;

function hubKubectl(entry: Entry, folder: () => string, laptop: () => Laptop): HubKubectl {
  const { program, minor } = entry;
  const env = () => ({
    PATH: process.env["PATH"],
    HOME: folder(),
    KUBECONFIG: join(folder(), "kubeconfig"),
    KUBE_EDITOR: join(folder(), "editor.sh"),
  });
  const run: HubKubectl["run"] = async (...args) => await runKubectl(program, args, env());
  return {
    ...entry,
    namespace: `k-1-${minor}`,
    laptop,
    run,
    ok: async (...args) => {
      const { code, out, err } = await run(...args);
      expect({ args, code, err: err.replace(fromOwnTypes, "") }).toEqual({
        args,
        code: 0,
        err: "",
      });
      return out;
    },
    fails: async (...args) => {
      const { code, out, err } = await run(...args);
      expect({ args, failed: code !== 0, out, err }).toMatchObject({ args, failed: true });
      return err;
    },
    until: async (isEnough, ...args) => await untilKubectl(program, args, { env: env(), isEnough }),
    file: async (name, content) => {
      const path = join(folder(), name);
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    editor: async (script) => {
      const path = join(folder(), "editor.sh");
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
    },
    has: (feature) => minor >= featuresSince[feature].minor,
    lacks: async (...args) => {
      const { code, err } = await run(...args);
      expect({ args, code }).not.toEqual({ args, code: 0 });
      expect(err).toMatch(
        /unknown (command|flag)|invalid argument|must specify one of|not enabled|unrecognized/,
      );
    },
  };
}
