import type { FieldError } from "./served-kind.ts";

/**
 * So much of one list or map is told, and all of the item that reaches it; so much is told in one
 * answer, too. A request has room for a million wrong items, each of which is told in more words
 * than it has itself, and an error can repeat all of the list.
 */
const errorsMax = 1000;
const charactersMax = 1_000_000;

/** What is wrong with items, one after another; the rest of very many errors is not told. */
export function errorsOfItems<Item>(
  items: readonly Item[],
  errorsOf: (item: Item, index: number) => readonly FieldError[],
): readonly FieldError[] {
  const told: FieldError[] = [];
  let characters = 0;
  for (const [index, item] of items.entries()) {
    for (const error of errorsOf(item, index)) {
      told.push(error);
      characters += error.message.length;
    }
    if (told.length >= errorsMax || characters >= charactersMax) break;
  }
  return told;
}
