import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The account that every Azurite has, with the key that Microsoft publishes for it. */
const accountName = "devstoreaccount1";
const accountKey =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface Azurite {
  readonly queueServiceUri: string;
  readonly accountName: string;
  readonly accountKey: string;
  readonly connectionString: string;
  close(): Promise<void>;
}

/** Starts Azurite's queue service, empty, on a port of 127.0.0.1; 0 finds a free one. */
export async function startAzurite(port = 0): Promise<Azurite> {
  const main = fileURLToPath(
    new URL("../../../../node_modules/azurite/dist/src/queue/main.js", import.meta.url),
  );
  const location = await mkdtemp(join(tmpdir(), "azurite-"));
  const options = ["--queueHost", "127.0.0.1", "--queuePort", String(port), "--location", location];
  const flags = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];
  const child = spawn(process.execPath, [main, ...options, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      const [, found] = /successfully listens on (\S+)/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error(`Cannot start Azurite: ${output}`)));
  });
  const queueServiceUri = `${url}/${accountName}`;
  return {
    queueServiceUri,
    accountName,
    accountKey,
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${accountName};AccountKey=${accountKey};` +
      `QueueEndpoint=${queueServiceUri};`,
    close: async () => {
      child.kill("SIGKILL");
      await exited;
      await rm(location, { recursive: true, force: true });
    },
  };
}
