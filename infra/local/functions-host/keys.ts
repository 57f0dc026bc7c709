import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The access keys of a function app, by their names.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
 */
export interface HostKeys {
  /** Opens everything, `/admin` included. */
  readonly master: string;
  /** Open each HTTP function of level `function`. */
  readonly host: Readonly<Record<string, string>>;
  /** Open one function each. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Open the webhook of an extension: `eventgrid_extension`. */
  readonly system: Readonly<Record<string, string>>;
}

export type AuthLevel = "anonymous" | "system" | "function" | "admin";

const ranks: readonly AuthLevel[] = ["anonymous", "system", "function", "admin"];

/** Says whether a level opens what needs another. */
export function opens(level: AuthLevel, needed: AuthLevel): boolean {
  return ranks.indexOf(level) >= ranks.indexOf(needed);
}

/** The name of the keys' file in a host's state folder. */
export const keysFileName = "keys.json";

/** Reads the keys of earlier runs, and makes those that are still missing. */
export async function readOrCreateKeys(
  file: string,
  functionNames: readonly string[],
): Promise<HostKeys> {
  const known = await readKeys(file);
  const functions = Object.fromEntries(
    functionNames.map((name) => [name, known.functions?.[name] ?? { default: newKey() }]),
  );
  const keys: HostKeys = {
    master: known.master ?? newKey(),
    host: known.host ?? { default: newKey() },
    functions: { ...known.functions, ...functions },
    system: known.system ?? { eventgrid_extension: newKey() },
  };
  await mkdir(dirname(file), { recursive: true });
  // A rename is all or nothing, so a killed host leaves no half-written keys behind.
  await writeFile(`${file}.new`, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

/** Rejects when the file is there but is not JSON. */
export async function readKeys(file: string): Promise<Partial<HostKeys>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Partial<HostKeys>;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

function newKey(): string {
  return randomBytes(32).toString("base64url");
}

/** What a key is meant to open. */
export interface Lock {
  readonly functionName?: string;
  readonly systemKey?: string;
}

/**
 * The highest level that a presented key reaches. Comparing takes the same time whichever key it
 * is and however much of it is right.
 */
export function levelOfKey(keys: HostKeys, presented: string | undefined, lock: Lock): AuthLevel {
  if (presented === undefined || presented === "") return "anonymous";
  const given = digest(presented);
  const isOneOf = (candidates: readonly (string | undefined)[]) =>
    candidates.some((each) => each !== undefined && timingSafeEqual(digest(each), given));
  if (isOneOf([keys.master])) return "admin";
  if (lock.systemKey !== undefined) {
    return isOneOf([keys.system[lock.systemKey]]) ? "system" : "anonymous";
  }
  const own = lock.functionName === undefined ? {} : (keys.functions[lock.functionName] ?? {});
  return isOneOf([...Object.values(keys.host), ...Object.values(own)]) ? "function" : "anonymous";
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
