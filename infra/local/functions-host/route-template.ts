import { parseRouteConstraint, type RouteConstraint } from "./route-constraint.ts";

/**
 * An ASP.NET Core route template, as HTTP triggers use it: `members/{name}/{revision:int?}`,
 * `{name}.{extension}`, `{x=default}`, `{*rest}`.
 */
export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly Segment[];
}

interface Segment {
  readonly parts: readonly (string | Parameter)[];
  /** The whole segment and all that follow, when it is a catch-all. */
  readonly catchAll: Parameter | undefined;
}

interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  readonly isCatchAll: boolean;
  readonly fallback: string | undefined;
  readonly constraints: readonly RouteConstraint[];
}

/** Throws an Error when a constraint is unknown or a brace is left open. */
export function parseRouteTemplate(text: string): RouteTemplate {
  const raw = splitOutside(text.replace(/^\/+|\/+$/g, ""), "/").filter((each) => each !== "");
  return { text, segments: raw.map((each) => parseSegment(each, text)) };
}

function parseSegment(raw: string, template: string): Segment {
  const parts: (string | Parameter)[] = [];
  let at = 0;
  while (at < raw.length) {
    const open = raw.indexOf("{", at);
    if (open < 0) {
      parts.push(raw.slice(at));
      break;
    }
    if (open > at) parts.push(raw.slice(at, open));
    const close = closingBrace(raw, open);
    if (close < 0) throw new Error(`Cannot use route "${template}": each "{" needs its "}"`);
    parts.push(parseParameter(raw.slice(open + 1, close)));
    at = close + 1;
  }
  const catchAll = parts.find((part) => typeof part !== "string" && part.isCatchAll);
  return { parts, catchAll: typeof catchAll === "string" ? undefined : catchAll };
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function parseParameter(body: string): Parameter {
  const isCatchAll = body.startsWith("*");
  const isOptional = body.endsWith("?");
  const [head = "", ...fallback] = splitOutside(
    body.replace(/^\*{1,2}/, "").replace(/\?$/, ""),
    "=",
  );
  const [name = "", ...constraints] = splitOutside(head, ":");
  return {
    name,
    isOptional,
    isCatchAll,
    fallback: fallback.length > 0 ? fallback.join("=") : undefined,
    constraints: constraints.map(parseRouteConstraint),
  };
}

/** Splits at a separator that stands outside braces and parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let piece = "";
  for (const character of text) {
    if (character === "{" || character === "(") depth++;
    if (character === "}" || character === ")") depth--;
    if (character === separator && depth === 0) {
      pieces.push(piece);
      piece = "";
    } else piece += character;
  }
  return [...pieces, piece];
}

export type RouteValues = Readonly<Record<string, string>>;

/**
 * The parameters of a path that fits the template, or undefined when it does not. Letter case does
 * not count, except in the values.
 *
 * @param path the decoded segments of the request's path
 */
export function matchRoute(
  { segments }: RouteTemplate,
  path: readonly string[],
): RouteValues | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.catchAll !== undefined) {
      return matchRest(segment.catchAll, path.slice(index).join("/"), values) ? values : undefined;
    }
    const text = path[index];
    const fits =
      text === undefined ? matchAbsent(segment, values) : matchSegment(segment, text, values);
    if (!fits) return undefined;
  }
  return path.length <= segments.length ? values : undefined;
}

function matchRest(parameter: Parameter, rest: string, values: Record<string, string>): boolean {
  const value = rest === "" ? parameter.fallback : rest;
  return value === undefined || accept(parameter, value, values);
}

function matchAbsent({ parts }: Segment, values: Record<string, string>): boolean {
  const [only] = parts;
  if (parts.length !== 1 || typeof only !== "object") return false;
  if (only.fallback !== undefined) values[only.name] = only.fallback;
  return only.fallback !== undefined || only.isOptional;
}

function matchSegment({ parts }: Segment, text: string, values: Record<string, string>): boolean {
  if (text === "") return false;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    if (typeof only === "string") return only.toLowerCase() === text.toLowerCase();
    return accept(only, text, values);
  }
  const pattern = parts.map((part) => (typeof part === "string" ? escaped(part) : "(.+)")).join("");
  const found = new RegExp(`^${pattern}$`, "i").exec(text);
  if (found === null) return false;
  const parameters = parts.filter((part) => typeof part === "object");
  return parameters.every((parameter, at) => accept(parameter, found[at + 1] ?? "", values));
}

function accept(parameter: Parameter, value: string, values: Record<string, string>): boolean {
  if (!parameter.constraints.every((allows) => allows(value))) return false;
  values[parameter.name] = value;
  return true;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
