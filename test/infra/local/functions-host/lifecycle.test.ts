import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import type { FunctionsHostOptions } from "../../../../infra/local/functions-host/process.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";
import { fixtureOfTest, until } from "./start-fixture.ts";

const child = fileURLToPath(
  new URL("../../../../infra/local/functions-host/child.ts", import.meta.url),
);
const app = fileURLToPath(new URL("fixture", import.meta.url));
const entry = "functions/serve.ts";

test("a host keeps its keys over a kill and a restart on the same port", async () => {
  const fixture = await fixtureOfTest();
  const first = await fixture.start({ entry });
  await first.kill();
  await expect(fetch(`${first.url}/ping`)).rejects.toThrow("fetch failed");
  expect(await first.exited).toEqual({ code: null, signal: "SIGKILL" });

  const second = await fixture.start({ entry, port: Number(new URL(first.url).port) });
  expect([second.url, second.keys]).toEqual([first.url, first.keys]);
  expect((await fetch(`${second.url}/ping`)).status).toBe(200);
});

test("a stop lets a request finish and runs the app's hook", async () => {
  const fixture = await fixtureOfTest();
  const host = await fixture.start({ entry });
  const answer = fetch(`${host.url}/slow`);
  await until("the request begun", () => fixture.seen("slow").includes("begins"));
  const stopped = host.stop();
  expect(await (await answer).text()).toBe("slow");
  await stopped;
  expect(await host.exited).toEqual({ code: 0, signal: null });
  expect(fixture.seen("hook")).toEqual(["appStart", "appTerminate"]);
});

test("a stop does not wait for a stream without end", async () => {
  const fixture = await fixtureOfTest({ FIXTURE_STREAM: "true" });
  const host = await fixture.start({ entry });
  const response = await fetch(`${host.url}/endless`);
  const startedAt = performance.now();
  await host.stop();
  await expect(response.text()).rejects.toThrow("terminated");
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test("a host of its own serves TLS with the given certificate", async () => {
  const fixture = await fixtureOfTest({ FIXTURE_STREAM: "true" });
  const tls = await localAuthority(join(fixture.folder, "tls"));
  const { url } = await fixture.start({ entry, tls, caFile: tls.caFile });
  expect(url).toMatch(/^https:/);
  const ca = readFileSync(tls.caFile);
  const status = await new Promise((resolve, reject) => {
    get(`${url}/ping`, { ca }, (response) => resolve(response.resume().statusCode)).on(
      "error",
      reject,
    );
  });
  expect(status).toBe(200);
  await expect(fetch(`${url}/ping`)).rejects.toThrow("fetch failed");
});

test("a bundle of the app runs as its sources do", async () => {
  const fixture = await fixtureOfTest({ FIXTURE_STREAM: "true" });
  await build({
    entryPoints: [join(app, entry)],
    outfile: join(fixture.folder, "dist/functions.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@azure/functions-core"],
    banner: {
      js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);",
    },
  });
  const host = await fixture.start({ appFolder: fixture.folder, entry: "dist/functions.mjs" });
  expect((await fetch(`${host.url}/api/ping`)).status).toBe(200); // No host.json: "api" it is.
});

test.each([
  ["there is no function", { entry: "nothing/*.ts" }, /"nothing\/\*.ts" must match a file/],
  ["a setting of a binding is missing", { entry: "functions/every.ts" }, /"FIXTURE_SCHEDULE" must/],
  [
    "a connection is missing",
    { entry: "functions/on-message.ts", environment: { FIXTURE_QUEUE: "q" } },
    /"QUEUES" or settings/,
  ],
  [
    "host.json is wrong",
    { entry, environment: { AzureFunctionsJobHost__extensions__queues__batchSize: "99" } },
    /batchSize/,
  ],
])("a start fails and says so when %s", async (_name, options, message) => {
  const fixture = await fixtureOfTest();
  await expect(fixture.start(options)).rejects.toThrow(message);
});

test("a disabled function is not there", async () => {
  const fixture = await fixtureOfTest({ "AzureWebJobs.ping.Disabled": "true" });
  const host = await fixture.start({ entry });
  expect(host.ready.functions).not.toContain("ping");
  expect(await (await fetch(`${host.url}/ping`)).json()).toEqual({ rest: "ping" });
});

function startByHand(folder: string) {
  const host = spawn(process.execPath, [child], {
    env: {
      ...process.env,
      FUNCTIONS_HOST_APP: app,
      FUNCTIONS_HOST_ENTRY: entry,
      FUNCTIONS_HOST_STATE: join(folder, "state"),
      FUNCTIONS_HOST_PORT: "0",
      FIXTURE_SEEN: join(folder, "seen.jsonl"),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void host.kill("SIGKILL"));
  const exited = new Promise((resolve) => host.once("exit", resolve));
  const line = new Promise<string>((resolve) => {
    host.stdout.setEncoding("utf8").once("data", resolve);
  });
  return { host, exited, line };
}

test("a host started by hand says that it is ready in one line, and stops on SIGTERM", async () => {
  const { folder } = await fixtureOfTest();
  const { host, exited, line } = startByHand(folder);
  const report = JSON.parse(await line) as { kind: string; url: string; pid: number };
  expect(report).toMatchObject({ kind: "ready", pid: host.pid });
  expect((await fetch(`${report.url}/ping`)).status).toBe(200);
  host.kill("SIGTERM");
  expect(await exited).toBe(0);
});

test("a host ends with the parent that holds its stdin", async () => {
  const { folder } = await fixtureOfTest();
  const { host, exited, line } = startByHand(folder);
  await line;
  host.stdin.end();
  expect(await exited).toBe(0);
});

test("a host ends with the parent that was killed", async () => {
  const { folder } = await fixtureOfTest();
  const processModule = new URL(
    "../../../../infra/local/functions-host/process.ts",
    import.meta.url,
  );
  const options: FunctionsHostOptions = {
    appFolder: app,
    entry,
    stateFolder: join(folder, "state"),
    environment: { FIXTURE_SEEN: join(folder, "seen.jsonl") },
  };
  const script = `
    import { startFunctionsHostProcess } from ${JSON.stringify(processModule.href)};
    const host = await startFunctionsHostProcess(${JSON.stringify(options)});
    process.stdout.write(String(host.pid));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const output = text(parent.stdout);
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once("data", (chunk) => resolve(Number(chunk)));
  });
  parent.kill("SIGKILL");
  await until("the host gone", () => !isAlive(pid));
  await output;
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
