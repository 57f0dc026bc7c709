import { forbiddenField, invalidValue, unsupportedValue } from "../field-errors.ts";
import { badRequest, invalidOption } from "../status-error.ts";
import { bodyType } from "./request-body.ts";

/** What a writing request says beside its body. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who owns the fields that are written. */
  readonly manager: string;
  /** Whether the manager was named; apply demands it. */
  readonly managerNamed: boolean;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Apply only: take over the fields of others. */
  readonly force: boolean;
}

const managerCharactersMax = 128;
const limitMax = 1_000_000;

/** Throws 400 or, for a value that Kubernetes knows to be wrong, 422. */
export function writeOptionsOf(request: Request, query: URLSearchParams): WriteOptions {
  const options = optionsName(request);
  const named = query.get("fieldManager") ?? "";
  if (named.length > managerCharactersMax || !/^[\x20-\x7e]*$/.test(named)) {
    const because = `must be at most ${managerCharactersMax} printable characters`;
    throw invalidOption(options, invalidValue("fieldManager", named, because));
  }
  const force = booleanOf(query, "force") ?? false;
  if (force && options === "PatchOptions" && bodyType(request) !== "application/apply-patch+yaml") {
    const because = "may not be specified for non-apply patch";
    throw invalidOption(options, forbiddenField("force", because));
  }
  return {
    dryRun: dryRunOf(query.getAll("dryRun"), options),
    manager: named === "" ? agentName(request) : named,
    managerNamed: named !== "",
    fieldValidation: fieldValidationOf(query, options),
    force,
  };
}

/** Only "All" exists. Also checks the `dryRun` of a DeleteOptions body. */
export function dryRunOf(values: readonly string[], options: string): boolean {
  const wrong = values.find((value) => value !== "All" && value !== "");
  if (wrong !== undefined) {
    throw invalidOption(options, unsupportedValue("dryRun", wrong, ["All"]));
  }
  return values.includes("All");
}

function fieldValidationOf(
  query: URLSearchParams,
  options: string,
): WriteOptions["fieldValidation"] {
  const value = query.get("fieldValidation") ?? "";
  switch (value) {
    case "":
      return "Warn";
    case "Strict":
    case "Warn":
    case "Ignore":
      return value;
    default:
      throw invalidOption(
        options,
        unsupportedValue("fieldValidation", value, ["Ignore", "Strict", "Warn"]),
      );
  }
}

/** "kubectl/v1.32.0 (linux/amd64)" → "kubectl": who writes when no manager is named. */
function agentName(request: Request): string {
  const agent = request.headers.get("user-agent")?.split("/", 1)[0] ?? "";
  const name = agent.replace(/[^\x20-\x7e]/g, "").slice(0, managerCharactersMax);
  return name === "" ? "unknown" : name;
}

function optionsName({ method }: Request): string {
  switch (method) {
    case "POST":
      return "CreateOptions";
    case "PUT":
      return "UpdateOptions";
    case "PATCH":
      return "PatchOptions";
    default:
      return "DeleteOptions";
  }
}

export function booleanOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  switch (value) {
    case null:
      return undefined;
    case "true":
    case "1":
    case "True":
      return true;
    case "false":
    case "0":
    case "False":
    case "":
      return false;
    default:
      throw badRequest(`invalid ${name} "${value}": must be "true" or "false"`);
  }
}

export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^\d{1,10}$/.test(value)) {
    throw badRequest(`invalid ${name} "${value}": must be a number of seconds or items`);
  }
  return Math.min(Number(value), limitMax);
}
