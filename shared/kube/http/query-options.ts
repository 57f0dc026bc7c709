import {
  forbiddenField,
  invalidValue,
  requiredValue,
  tooLong,
  unsupportedValue,
} from "../field-errors.ts";
import type { FieldError } from "../served-kind.ts";
import { badRequest, invalidOption } from "../status-error.ts";
import { bodyType } from "./request-body.ts";

/** What a writing request says beside its body. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who owns the fields that are written. */
  readonly manager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Apply only: take over the fields of others. */
  readonly force: boolean;
}

const managerCharactersMax = 128;
const limitMax = 1_000_000;

/** Throws 422 with a cause for each option that Kubernetes knows to be wrong. */
export function writeOptionsOf(request: Request, query: URLSearchParams): WriteOptions {
  const options = optionsName(request);
  const named = query.get("fieldManager") ?? "";
  const force = booleanOf(query, "force") ?? false;
  const isApply = bodyType(request) === "application/apply-patch+yaml";
  const dryRun = query.getAll("dryRun");
  const fieldValidation = query.get("fieldValidation") ?? "";
  const errors: FieldError[] = [];
  if (options === "PatchOptions" && isApply && named === "") {
    errors.push(requiredValue("fieldManager", "is required for apply patch"));
  }
  if (options === "PatchOptions" && !isApply && query.has("force")) {
    errors.push(forbiddenField("force", "may not be specified for non-apply patch"));
  }
  errors.push(...managerErrors(named), ...dryRunErrors(dryRun));
  if (!isValidation(fieldValidation)) {
    errors.push(unsupportedValue("fieldValidation", fieldValidation, validations));
  }
  if (errors.length > 0) throw invalidOption(options, ...errors);
  return {
    dryRun: dryRun.includes("All"),
    manager: named === "" ? agentName(request) : named,
    fieldValidation:
      isValidation(fieldValidation) && fieldValidation !== "" ? fieldValidation : "Warn",
    force,
  };
}

const validations = ["", "Ignore", "Strict", "Warn"] as const;

function isValidation(value: string): value is (typeof validations)[number] {
  return (validations as readonly string[]).includes(value);
}

function managerErrors(named: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (named.length > managerCharactersMax) {
    errors.push(tooLong("fieldManager", managerCharactersMax));
  }
  const position = [...named].findIndex(
    (character) => !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character),
  );
  if (position < 0) return errors;
  const code = ([...named][position]?.codePointAt(0) ?? 0).toString(16).toUpperCase();
  const because = `invalid character U+${code.padStart(4, "0")} (at position ${position})`;
  return [...errors, invalidValue("fieldManager", named, because)];
}

/** Only "All" exists. */
export function dryRunErrors(values: readonly string[]): readonly FieldError[] {
  return values.every((value) => value === "All")
    ? []
    : [unsupportedValue("dryRun", [...values], ["All"])];
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

/** As Kubernetes reads booleans: "false" and "0" are no, and anything else is yes, also "". */
export function booleanOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return !["false", "0"].includes(value.toLowerCase());
}

/** Throws 400, in the words of Go's parser, for what is no integer. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^[-+]?\d+$/.test(value)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  if (BigInt(value) > int64Max || BigInt(value) < -int64Max - 1n) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  return Math.min(Number(value), limitMax);
}

const int64Max = 2n ** 63n - 1n;
