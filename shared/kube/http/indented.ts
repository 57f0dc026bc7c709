import { booleanOf } from "./query-options.ts";

/** The answer as who asked reads it best: what a person reads is indented. */
export async function readably(request: Request, response: Response): Promise<Response> {
  return isForPerson(request) ? await indented(response) : response;
}

/** Programs with a person behind them, by the beginning of their `User-Agent`. */
const shownBy = ["curl", "Wget", "Mozilla/5.0"];

/**
 * Whether a person reads the answer: `?pretty=true`, or a browser or a tool of the shell that does
 * not say `?pretty=false`. A watch has a line for each event, so it is never indented.
 */
function isForPerson({ headers, url }: Pick<Request, "headers" | "url">): boolean {
  const { searchParams } = new URL(url);
  if (booleanOf(searchParams, "watch") === true) return false;
  const pretty = searchParams.get("pretty") ?? "";
  if (pretty !== "") return ["1", "t", "T", "true", "TRUE", "True"].includes(pretty);
  const agent = headers.get("user-agent") ?? "";
  return shownBy.some((name) => agent.startsWith(name));
}

/** The answer with its JSON indented; what is no JSON stays as it is. */
async function indented(response: Response): Promise<Response> {
  const { status, headers, body } = response;
  if (body === null || !/^application\/json(;|$)/.test(headers.get("content-type") ?? "")) {
    return response;
  }
  const value: unknown = JSON.parse(await response.text());
  return new Response(`${JSON.stringify(value, null, 2)}\n`, { status, headers });
}
