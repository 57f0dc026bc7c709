import { existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  type FunctionsHostOptions,
  type FunctionsHostProcess,
  startFunctionsHostProcess,
} from "../../../../infra/local/functions-host/process.ts";
import type { Seen } from "./fixture/seen.ts";

const appFolder = fileURLToPath(new URL("fixture", import.meta.url));

export interface Fixture {
  readonly folder: string;
  /** Starts the fixture app; a second start keeps the first one's state. */
  start(options?: Partial<FunctionsHostOptions>): Promise<FunctionsHostProcess>;
  /** What one function noted so far, over all starts. */
  seen<What>(by: string): readonly What[];
  log(): string;
}

/** A fixture app with a state folder of its own, whose hosts end with the test or the file. */
export async function openFixture(
  environment: Readonly<Record<string, string>> = {},
): Promise<Fixture & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "functions-host-"));
  const seenFile = join(folder, "seen.jsonl");
  const logFile = join(folder, "host.log");
  const hosts: FunctionsHostProcess[] = [];

  return {
    folder,
    start: async (options = {}) => {
      const host = await startFunctionsHostProcess({
        appFolder,
        stateFolder: join(folder, "state"),
        logFile,
        ...options,
        environment: {
          FIXTURE_SEEN: seenFile,
          FUNCTIONS_HOST_DRAIN_SECONDS: "2",
          ...environment,
          ...options.environment,
        },
      });
      hosts.push(host);
      return host;
    },
    seen: <What>(by: string) => {
      if (!existsSync(seenFile)) return [];
      const lines = readFileSync(seenFile, "utf8").trimEnd().split("\n");
      const all = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Seen);
      return all.filter((each) => each.by === by).map(({ what }) => what as What);
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    close: async () => {
      await Promise.all(hosts.map(async (host) => await host.kill()));
    },
  };
}

/** The same, ending with the test that calls it. */
export async function fixtureOfTest(
  environment: Readonly<Record<string, string>> = {},
): Promise<Fixture> {
  const fixture = await openFixture(environment);
  onTestFinished(async () => await fixture.close());
  return fixture;
}

/** Waits until something holds, at most so long; the error says what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  millisecondsMax = 10_000,
): Promise<void> {
  const deadline = performance.now() + millisecondsMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Cannot see within time: ${what}`);
    await sleep(20);
  }
}
