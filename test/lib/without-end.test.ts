import { expect, test } from "vitest";
import { withoutEnd } from "../../shared/lib/without-end.ts";

test.each([
  ["a//", "a"],
  ["/a/b", "/a/b"],
  ["//", ""],
  ["", ""],
])("%j has no slash at its end as %j", (text, short) => {
  expect(withoutEnd(text, "/")).toBe(short);
});

test("a long run of characters that is not at the end is passed by", () => {
  const text = `a${"/".repeat(2_000_000)}b`;
  expect(withoutEnd(`${text}//`, "/")).toBe(text);
});
