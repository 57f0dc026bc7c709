import { badRequest } from "../refusal.ts";

/** The service's limit, as in `maxSqlQueryInputLength` of the account. */
const queryLengthMax = 262_144;

export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "parameter"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "end"; readonly text: "" };

const pattern = new RegExp(
  [
    /(?<space>\s+)/,
    /(?<word>[A-Za-z_]\w*)/,
    /(?<parameter>@\w+)/,
    /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/,
    /(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/,
    /(?<sign>!=|<=|>=|[=<>*,.()[\]])/,
  ]
    .map((each) => each.source)
    .join("|"),
  "y",
);

/** @throws Refusal (400) at the first character that starts no token. */
export function tokensOf(text: string): Token[] {
  if (text.length > queryLengthMax) {
    throw badRequest(
      `The SQL query text exceeded the maximum limit of ${queryLengthMax} characters`,
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw syntaxError(text.slice(at, at + 20));
    at += match[0].length;
    const token = tokenOf(match);
    if (token !== undefined) tokens.push(token);
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

function tokenOf({ groups = {} }: RegExpExecArray): Token | undefined {
  // Only one of the groups has matched.
  const { word, parameter, string, number, sign } = groups as Partial<Record<string, string>>;
  if (word !== undefined) return { kind: "word", text: word };
  if (parameter !== undefined) return { kind: "parameter", text: parameter };
  if (string !== undefined) return { kind: "string", text: unquoted(string) };
  if (number !== undefined) return { kind: "number", text: number };
  return sign === undefined ? undefined : { kind: "sign", text: sign };
}

export function syntaxError(near: string) {
  return badRequest(
    JSON.stringify({
      errors: [
        {
          severity: "Error",
          code: "SC1001",
          message: `Syntax error, incorrect syntax near '${near}'.`,
        },
      ],
    }),
  );
}

/** Both kinds of quotes take the escapes of JSON, and an escaped quote of their own. */
function unquoted(quoted: string): string {
  const inner = quoted
    .slice(1, -1)
    .replaceAll("\\'", "'")
    .replace(/\\.|"/g, (found) => (found === '"' ? '\\"' : found));
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    throw syntaxError(quoted.slice(0, 20));
  }
}
