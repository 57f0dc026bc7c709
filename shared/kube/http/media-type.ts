/** One entry of an `Accept` header, or a `Content-Type`. */
export interface MediaType {
  /** "application/json", lower-cased. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const acceptEntriesMax = 32;

/** The entries of an `Accept` header, the most wanted first. */
export function parseAccept(header: string | null): readonly MediaType[] {
  return (header ?? "")
    .split(",", acceptEntriesMax)
    .map((text) => parseMediaType(text))
    .filter(({ type }) => type !== "")
    .sort((left, right) => quality(right) - quality(left));
}

/** `parseMediaType("application/json; charset=utf-8")` */
export function parseMediaType(text: string | null): MediaType {
  const [type = "", ...rest] = (text ?? "").split(";");
  const parameters = rest.map((each): [string, string] => {
    const [name = "", value = ""] = each.split("=", 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1")];
  });
  return { type: type.trim().toLowerCase(), parameters: Object.fromEntries(parameters) };
}

function quality({ parameters }: MediaType): number {
  const value = Number(parameters["q"] ?? 1);
  return Number.isNaN(value) ? 1 : value;
}
