import type { Meter } from "../regex/meter.ts";

/**
 * A function of an expression: its signatures are what the compiler checks, `run` is what happens.
 * The arguments have one of the signatures' types; the receiver of a method is the first of them.
 */
export interface CelFunction {
  /** "string.charAt(int): string", "isURL(string): bool"; all of one name. */
  readonly signatures: readonly string[];
  readonly run: (call: Call) => unknown;
}

export interface Call {
  readonly args: readonly unknown[];
  readonly meter: Meter;
  /** The type of the result that the compiler found: "int". */
  readonly type: string;
}

/** Answered by `run` for arguments that the library's own function of this name is for. */
export const notMine = Symbol("not mine");

/** What an expression did wrong when it ran, in the words of cel-go. */
export class CelError extends Error {
  override readonly name = "CelError";
}

/** "rcall:charAt" for a method, "call:isURL" for a function. */
export function functionKey({ signatures }: CelFunction): string {
  const [, receiver, name] = /^(?:(.+)\.)?(\w+)\(/.exec(signatures[0] ?? "") ?? [];
  return `${receiver === undefined ? "call" : "rcall"}:${name}`;
}
