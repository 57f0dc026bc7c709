import { expect, test } from "vitest";
import { excesses, toldOfCosts } from "./cost-fixture.ts";
import { networkRules } from "./published-network-rules.ts";
import { platformRules } from "./published-platform-rules.ts";
import { wholeObject, withoutBounds } from "./schema-parts.ts";

const all = [...networkRules, ...platformRules].map((each) => [each.about, each] as const);

test.each(all)("what Kubernetes takes is taken: %s", (_about, { schema }) => {
  expect(toldOfCosts(wholeObject(schema))).toEqual([]);
});

test.each(all)("what it refuses without bounds is refused: %s", (_about, rules) => {
  expect(excesses(withoutBounds(wholeObject(rules.schema)))).toEqual(rules.boundless);
});
