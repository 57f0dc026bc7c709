/**
 * What Go's JSON decoder says of a text that `JSON.parse` refuses: kube-apiserver passes it on.
 *
 *     jsonSyntaxError('{"a":') // "unexpected end of JSON input"
 *
 * @see https://pkg.go.dev/encoding/json#SyntaxError
 */
export function jsonSyntaxError(text: string): string {
  const scanner: Scanner = { text, position: 0, duplicates: [] };
  try {
    scanValue(scanner, "", 0);
    skipSpace(scanner);
    if (scanner.position < text.length) {
      return unexpected(scanner, "after top-level value").message;
    }
    return "invalid JSON";
  } catch (error) {
    return error instanceof Error ? error.message : "invalid JSON";
  }
}

/** The paths of fields that a text of good JSON has twice in one object: "data.k". */
export function duplicateFields(text: string): readonly string[] {
  const scanner: Scanner = { text, position: 0, duplicates: [] };
  try {
    scanValue(scanner, "", 0);
  } catch {
    return [];
  }
  return [...new Set(scanner.duplicates)];
}

/** As many as anybody reads; a hostile text has no more of them. */
const duplicatesMax = 100;
const depthMax = 1_000;

interface Scanner {
  readonly text: string;
  position: number;
  readonly duplicates: string[];
}

function scanValue(scanner: Scanner, path: string, depth: number): void {
  skipSpace(scanner);
  if (depth > depthMax) throw new Error("exceeded max depth");
  const first = scanner.text[scanner.position];
  if (first === undefined) throw new Error("unexpected end of JSON input");
  if (first === "{") scanObject(scanner, path, depth);
  else if (first === "[") scanArray(scanner, path, depth);
  else if (first === '"') scanString(scanner);
  else if (first === "-" || (first >= "0" && first <= "9")) scanNumber(scanner);
  else scanLiteral(scanner, first);
}

function scanObject(scanner: Scanner, path: string, depth: number): void {
  const names = new Set<string>();
  scanner.position += 1;
  if (take(scanner, "}")) return;
  for (;;) {
    skipSpace(scanner);
    if (scanner.text[scanner.position] !== '"') {
      throw unexpected(scanner, "looking for beginning of object key string");
    }
    const name = scanString(scanner);
    const child = path === "" ? name : `${path}.${name}`;
    if (names.has(name) && scanner.duplicates.length < duplicatesMax) {
      scanner.duplicates.push(child);
    }
    names.add(name);
    if (!take(scanner, ":")) throw unexpected(scanner, "after object key");
    scanValue(scanner, child, depth + 1);
    if (take(scanner, "}")) return;
    if (!take(scanner, ",")) throw unexpected(scanner, "after object key:value pair");
  }
}

function scanArray(scanner: Scanner, path: string, depth: number): void {
  scanner.position += 1;
  if (take(scanner, "]")) return;
  for (let index = 0; ; index++) {
    scanValue(scanner, `${path}[${index}]`, depth + 1);
    if (take(scanner, "]")) return;
    if (!take(scanner, ",")) throw unexpected(scanner, "after array element");
  }
}

const simpleEscapes = '"\\/bfnrt';

function scanString(scanner: Scanner): string {
  const start = scanner.position;
  for (scanner.position += 1; ; scanner.position += 1) {
    const character = scanner.text[scanner.position];
    if (character === '"') break;
    if (character === "\\") scanEscape(scanner);
    else if (character === undefined || character < " ") {
      throw unexpected(scanner, "in string literal");
    }
  }
  scanner.position += 1;
  return JSON.parse(scanner.text.slice(start, scanner.position)) as string;
}

function scanEscape(scanner: Scanner): void {
  scanner.position += 1;
  const escaped = scanner.text[scanner.position];
  if (escaped !== undefined && simpleEscapes.includes(escaped)) return;
  if (escaped !== "u") throw unexpected(scanner, "in string escape code");
  for (let digit = 0; digit < 4; digit++) {
    scanner.position += 1;
    if (!/[0-9a-fA-F]/.test(scanner.text[scanner.position] ?? "")) {
      throw unexpected(scanner, "in \\u hexadecimal character escape");
    }
  }
}

function scanNumber(scanner: Scanner): void {
  const rest = scanner.text.slice(scanner.position, scanner.position + 400);
  const match = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/.exec(rest);
  if (match === null) {
    scanner.position += 1;
    throw unexpected(scanner, "in numeric literal");
  }
  scanner.position += match[0].length;
}

function scanLiteral(scanner: Scanner, first: string): void {
  const word = ["true", "false", "null"].find((each) => each.startsWith(first));
  if (word === undefined) throw unexpected(scanner, "looking for beginning of value");
  for (let index = 1; index < word.length; index++) {
    scanner.position += 1;
    if (scanner.text[scanner.position] !== word[index]) {
      throw unexpected(scanner, `in literal ${word} (expecting '${word[index]}')`);
    }
  }
  scanner.position += 1;
}

/** Whether the next character, after white space, is this one; then it is passed. */
function take(scanner: Scanner, character: string): boolean {
  skipSpace(scanner);
  if (scanner.text[scanner.position] !== character) return false;
  scanner.position += 1;
  return true;
}

function skipSpace(scanner: Scanner): void {
  while (/[ \t\r\n]/.test(scanner.text[scanner.position] ?? "")) scanner.position += 1;
}

function unexpected({ text, position }: Scanner, where: string): Error {
  const character = text[position];
  if (character === undefined) return new Error("unexpected end of JSON input");
  const quoted =
    character === "'" ? "\\'" : character === '"' ? '"' : JSON.stringify(character).slice(1, -1);
  return new Error(`invalid character '${quoted}' ${where}`);
}
