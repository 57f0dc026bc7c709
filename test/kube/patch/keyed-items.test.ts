import { expect, test } from "vitest";
import { at, jsonEquals } from "../../../shared/kube/json.ts";
import { keyedItems } from "../../../shared/kube/patch/keyed-items.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const values = fc.constantFrom<Json>("a", "b", "c", 1, 2, true);
const items = fc.array(
  fc.oneof(
    fc.record({ name: values, n: fc.nat(9) }),
    fc.constantFrom<Json>({}, null, "a", { other: 1 }),
  ),
  { maxLength: 8 },
);
const steps = fc.array(
  fc.record({ does: fc.constantFrom("put", "remove"), value: values, n: fc.nat(9) }),
  { maxLength: 12 },
);

test("items are put and removed as in a list that is searched from its beginning", () => {
  fc.assert(
    fc.property(items, steps, (start, all) => {
      const keyed = keyedItems(start, "name");
      const model: Json[] = [...start];
      for (const { does, value, n } of all) {
        const place = model.findIndex((item) => jsonEquals(at(item, "name") ?? null, value));
        const item = { name: value, n };
        if (does === "remove") {
          keyed.remove(value);
          if (place >= 0) model.splice(place, 1);
        } else {
          keyed.put(value, (live) => {
            expect(live).toEqual(place < 0 ? undefined : model[place]);
            return item;
          });
          if (place < 0) model.push(item);
          else model[place] = item;
        }
        expect(keyed.all()).toEqual(model);
      }
    }),
  );
});
