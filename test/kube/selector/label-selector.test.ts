import { expect, test } from "vitest";
import { matchesLabels, parseLabelSelector } from "../../../shared/kube/selector/label-selector.ts";
import { fc } from "../../chance.ts";

const labels = { app: "web", tier: "", "example.com/zone": "eu-1", size: "10" };

test.each<[selector: string, matches: boolean]>([
  ["", true],
  ["  ", true],
  ["app", true],
  ["!app", false],
  ["nothing", false],
  ["!nothing", true],
  ["app=web", true],
  ["app==web", true],
  [" app = web ", true],
  ["app=api", false],
  ["app!=api", true],
  ["app!=web", false],
  ["nothing!=x", true],
  ["nothing=", false],
  ["tier=", true],
  ["tier=,app", true],
  ["app in (web,api)", true],
  ["app in (api)", false],
  ["app in(web)", true],
  ["nothing in (web)", false],
  ["tier in (,x)", true],
  ["app notin (api, db)", true],
  ["app notin (web)", false],
  ["nothing notin (web)", true],
  ["size>9", true],
  ["size>10", false],
  ["size<11", true],
  ["app>1", false],
  ["nothing<1", false],
  ["example.com/zone=eu-1", true],
  ["app=web,!nothing,example.com/zone in (eu-1,eu-2),size>1", true],
  ["app=web,size>10", false],
])("the selector '%s' matches: %s", (selector, matches) => {
  expect(matchesLabels(parseLabelSelector(selector), labels)).toBe(matches);
});

test.each([
  "!!",
  "=",
  "=web",
  ",",
  "app,",
  ",app",
  "app=web=api",
  "app web",
  "app in",
  "app in (web",
  "app in web",
  "app notin (web))",
  "app in (web) x",
  "a/b/c",
  "-app",
  "app=-web",
  "/app",
  "size>ten",
  "size>",
  "!app=web",
  `${"a".repeat(64)}`,
  `app=${"a".repeat(64)}`,
  "x".repeat(20_000),
])("the selector '%s' is refused", (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ code: 400 }));
});

test("a selector never matches by an inherited name", () => {
  expect(matchesLabels(parseLabelSelector("toString"), labels)).toBe(false);
  expect(matchesLabels(parseLabelSelector("constructor!=x"), {})).toBe(true);
});

test("any text is either read or refused with 400", () => {
  const texts = fc.array(fc.constantFrom("a", "!", "=", ",", "(", ")", " in ", ">", " ", "-", "é"));
  fc.assert(
    fc.property(texts, (parts) => {
      try {
        matchesLabels(parseLabelSelector(parts.join("")), labels);
      } catch (error) {
        expect(error).toMatchObject({ code: 400 });
      }
    }),
  );
});
