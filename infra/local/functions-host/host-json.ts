import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { AppSettings } from "./binding-settings.ts";
import type { QueueSettings } from "./queue-trigger.ts";

/** What this host takes from host.json, with the runtime's defaults filled in. */
export interface HostJson {
  readonly routePrefix: string;
  readonly queues: QueueSettings;
}

const timeSpan = z.string().transform((text, context) => {
  const seconds = parseTimeSpanSeconds(text);
  if (seconds !== undefined) return seconds;
  context.addIssue(`"${text}" must be a time span, as 00:00:02`);
  return z.NEVER;
});

const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const shape = z.object({
  version: z.literal("2.0").default("2.0"),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default("api") }).prefault({}),
      queues: z
        .object({
          batchSize: count(1, 32).default(16),
          newBatchThreshold: count(0, 1000).optional(),
          maxDequeueCount: count(1, 1_000_000).default(5),
          visibilityTimeout: timeSpan.default(0),
          maxPollingInterval: timeSpan.default(60),
          messageEncoding: z.enum(["base64", "none"]).default("base64"),
        })
        .prefault({}),
    })
    .prefault({}),
});

/**
 * Reads host.json of an app folder; without one, everything has the runtime's default. A setting
 * `AzureFunctionsJobHost__extensions__queues__batchSize` overrides that entry, as on Azure.
 *
 * Throws an Error that names the entry at fault.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export async function readHostJson(appFolder: string, settings: AppSettings): Promise<HostJson> {
  const file = join(appFolder, "host.json");
  const parsed = shape.safeParse(overridden(await readJson(file), settings));
  if (!parsed.success) {
    throw new Error(`Cannot use "${file}": ${z.prettifyError(parsed.error)}`);
  }
  const { http, queues } = parsed.data.extensions;
  return {
    routePrefix: http.routePrefix,
    queues: {
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2),
      maxDequeueCount: queues.maxDequeueCount,
      visibilitySeconds: queues.visibilityTimeout,
      pollMillisecondsMax: queues.maxPollingInterval * 1000,
      encoding: queues.messageEncoding,
    },
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(`Cannot read "${file}"`, { cause: error });
  }
}

const overridePrefix = "AzureFunctionsJobHost__";

function overridden(json: unknown, settings: AppSettings): unknown {
  const root = structuredClone(json);
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith(overridePrefix)) {
      place(root, name.slice(overridePrefix.length).split("__"), value);
    }
  }
  return root;
}

function place(root: unknown, path: readonly string[], value: unknown): void {
  let at = root as Record<string, unknown>;
  for (const [index, name] of path.entries()) {
    if (index === path.length - 1) at[name] = value;
    else at = child(at, name);
  }
}

function child(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const existing = parent[name];
  if (typeof existing === "object" && existing !== null) return existing as Record<string, unknown>;
  const created: Record<string, unknown> = {};
  parent[name] = created;
  return created;
}

/** `[d.]hh:mm:ss[.fff]` in seconds, or undefined. */
export function parseTimeSpanSeconds(text: string): number | undefined {
  const found = /^(?:(\d+)\.)?(\d{1,2}):([0-5]?\d):([0-5]?\d(?:\.\d{1,7})?)$/.exec(text);
  if (found === null) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = Array.from(found, (part) =>
    Number(part || 0),
  );
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
