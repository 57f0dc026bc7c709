import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  findConnection,
  isDisabled,
  resolveSettings,
} from "../../../../infra/local/functions-host/binding-settings.ts";
import { createConnections } from "../../../../infra/local/functions-host/connections.ts";
import {
  parseTimeSpanSeconds,
  readHostJson,
} from "../../../../infra/local/functions-host/host-json.ts";
import { readHostSettings } from "../../../../infra/local/functions-host/settings.ts";

test("binding expressions are replaced by app settings", () => {
  expect(resolveSettings("a-%X%-%Y%", { X: "1", Y: "" })).toBe("a-1-");
  expect(() => resolveSettings("%X%", {})).toThrow(/app setting "X" must be set/);
});

test("a connection is one setting or several with its name before them", () => {
  const string = { kind: "connection-string", connectionString: "c" };
  expect(findConnection("A", { A: "c" })).toEqual(string);
  expect(findConnection("A", { AzureWebJobsA: "c" })).toEqual(string);
  const parts = { kind: "parts", parts: { accountEndpoint: "e", accountKey: "k" } };
  expect(findConnection("A", { A__accountEndpoint: "e", A__accountKey: "k" })).toEqual(parts);
  expect(() => findConnection("A", { A: "" })).toThrow(/app setting "A" or settings "A__\.\.\."/);
});

test.each([
  ["true", true],
  ["1", true],
  ["0", false],
  [undefined, false],
])("AzureWebJobs.x.Disabled=%s means: %s", (value, want) => {
  expect(isDisabled("x", { "AzureWebJobs.x.Disabled": value })).toBe(want);
});

test("a connection without an address is refused", async () => {
  const connections = createConnections({ A__accountKey: "k", B: "UseDevelopmentStorage=true" });
  await expect(connections.cosmos("A")).rejects.toThrow(/"A__accountEndpoint" must be a URL/);
  await expect(connections.queues("A")).rejects.toThrow(/"A__queueServiceUri" must be a URL/);
  await expect(connections.queues("B")).rejects.toThrow(/must name its storage/);
});

test("an Entra identity stands in for a key", async () => {
  const connections = createConnections({
    A__accountEndpoint: "https://127.0.0.1:1/",
    A__queueServiceUri: "https://127.0.0.1:1/account",
  });
  expect((await connections.queues("A")).url).toBe("https://127.0.0.1:1/account");
  expect(await connections.cosmos("A")).toBe(await connections.cosmos("A"));
  connections.close();
});

test.each([
  ["00:00:02", 2],
  ["00:00:00.100", 0.1],
  ["01:02:03", 3723],
  ["1.00:00:00", 86_400],
  ["2", undefined],
  ["00:60:00", undefined],
])("the time span %s is %s seconds", (text, want) => {
  expect(parseTimeSpanSeconds(text)).toBe(want);
});

async function appFolder(hostJson?: unknown) {
  const folder = await mkdtemp(join(tmpdir(), "functions-host-"));
  if (hostJson !== undefined) await writeFile(join(folder, "host.json"), JSON.stringify(hostJson));
  return folder;
}

const queueDefaults = {
  batchSize: 16,
  newBatchThreshold: 8,
  maxDequeueCount: 5,
  visibilitySeconds: 0,
  pollMillisecondsMax: 60_000,
  encoding: "base64",
};

test("an app without host.json has the runtime's defaults", async () => {
  const read = await readHostJson(await appFolder(), {});
  expect(read).toEqual({ routePrefix: "api", queues: queueDefaults });
});

test("app settings override entries of host.json", async () => {
  const folder = await appFolder({
    version: "2.0",
    extensions: { http: { routePrefix: "" }, queues: { batchSize: 4 } },
  });
  const read = await readHostJson(folder, {
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.250",
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: "2",
  });
  expect(read.routePrefix).toBe("");
  expect(read.queues).toEqual({
    ...queueDefaults,
    batchSize: 4,
    newBatchThreshold: 2,
    maxDequeueCount: 2,
    pollMillisecondsMax: 250,
  });
});

test.each([
  [{ version: "1.0" }, /version/],
  [{ extensions: { queues: { batchSize: 33 } } }, /batchSize/],
  [{ extensions: { queues: { visibilityTimeout: "soon" } } }, /visibilityTimeout/],
  [{ extensions: { queues: { messageEncoding: "utf8" } } }, /messageEncoding/],
])("a wrong host.json is refused: %j", async (hostJson, message) => {
  await expect(readHostJson(await appFolder(hostJson), {})).rejects.toThrow(message);
});

test("a host.json that is no JSON is refused", async () => {
  const folder = await appFolder();
  await writeFile(join(folder, "host.json"), "{");
  await expect(readHostJson(folder, {})).rejects.toThrow(/Cannot read ".*host.json"/);
});

test("a host's settings have defaults", () => {
  expect(readHostSettings({ FUNCTIONS_HOST_APP: "/app" })).toEqual({
    appFolder: "/app",
    entry: "functions/*.ts",
    port: 7071,
    tls: undefined,
    stateFolder: "/app/.local/functions-host",
    logFile: undefined,
    logLevelMin: "warning",
    bodyBytesMax: 104_857_600,
    queueLeaseSeconds: 600,
    drainSeconds: 5,
  });
});

test.each([
  [{ FUNCTIONS_HOST_PORT: "x" }, /FUNCTIONS_HOST_PORT "x": must be an integer from 0 to 65535/],
  [{ FUNCTIONS_HOST_BODY_BYTES_MAX: "0" }, /from 1 to/],
  [{ FUNCTIONS_HOST_LOG_LEVEL: "loud" }, /log level "loud"/],
  [{ FUNCTIONS_HOST_TLS_CERT: "cert.pem" }, /must both be set/],
])("wrong settings of a host are refused: %j", (env, message) => {
  expect(() => readHostSettings(env)).toThrow(message);
});
