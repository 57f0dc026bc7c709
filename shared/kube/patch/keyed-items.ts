import type { Json } from "../../lib/kube-object.ts";
import { canonicalJson, isObject } from "../json.ts";

/**
 * A list of objects whose items are found by the value of one of their fields, however long it is:
 * patches are large where lists are. Of equal items the first is meant.
 */
export interface KeyedItems {
  readonly remove: (value: Json) => void;
  /** Puts an item in the place of the one with this value, or at the end. */
  readonly put: (value: Json, make: (live: Json | undefined) => Json) => void;
  readonly all: () => readonly Json[];
}

export function keyedItems(items: readonly Json[], key: string): KeyedItems {
  // What is removed leaves its place empty, so that all others keep theirs.
  const list: (Json | undefined)[] = [...items];
  const places = new Map<string, number[]>();
  const remember = (value: Json, place: number): void => {
    const id = canonicalJson(value);
    const known = places.get(id);
    if (known === undefined) places.set(id, [place]);
    else known.push(place);
  };
  for (const [place, item] of items.entries()) {
    if (isObject(item) && item[key] !== undefined) remember(item[key], place);
  }
  return {
    remove: (value) => {
      const place = places.get(canonicalJson(value))?.shift();
      if (place !== undefined) list[place] = undefined;
    },
    put: (value, make) => {
      const place = places.get(canonicalJson(value))?.[0];
      if (place === undefined) remember(value, list.push(make(undefined)) - 1);
      else list[place] = make(list[place]);
    },
    all: () => list.filter((item) => item !== undefined),
  };
}
