import { createHash } from "node:crypto";

/** Numbers from 1 to 250 that follow from a text, for addresses that stay the same. */
export function numbersOf(text: string): readonly [number, number, number] {
  const [one = 0, two = 0, three = 0] = createHash("sha256").update(text).digest();
  return [1 + (one % 250), 1 + (two % 250), 1 + (three % 250)];
}
