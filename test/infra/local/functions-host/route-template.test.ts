import { expect, test } from "vitest";
import {
  matchRoute,
  parseRouteTemplate,
  type RouteValues,
} from "../../../../infra/local/functions-host/route-template.ts";

const guid = "7e5b6e3c-5f0f-4a9f-9d2a-0b8a6a3c2f11";
const constrained = "a/{id:int:min(5)}";

test.each<[template: string, path: string, want: RouteValues | undefined]>([
  ["a/b", "A/B", {}],
  ["a/b", "a", undefined],
  ["a", "a/b", undefined],
  ["/a/", "a", {}],
  ["/", "", {}],
  ["a/{id}", "a/x", { id: "x" }],
  ["a/{id}", "a", undefined],
  ["a/{id?}", "a", {}],
  ["a/{id=7}", "a", { id: "7" }],
  ["a/{id}", "a//b", undefined],
  [constrained, "a/7", { id: "7" }],
  [constrained, "a/4", undefined],
  [constrained, "a/x", undefined],
  ["{n}.{e}", "a.b.txt", { n: "a.b", e: "txt" }],
  ["v{n:int}", "v12", { n: "12" }],
  ["v{n:int}", "vx", undefined],
  ["{*rest}", "", {}],
  ["{*rest}", "a/b/c", { rest: "a/b/c" }],
  ["a/{*rest=home}", "a", { rest: "home" }],
  ["a/{g:guid}/{*rest}", `a/${guid}/x/y`, { g: guid, rest: "x/y" }],
  ["a/{x:range(1,9)?}", "a/10", undefined],
  ["a/{x:length(2,3)}", "a/abc", { x: "abc" }],
  ["a/{x:length(2)}", "a/abc", undefined],
  ["a/{x:bool}", "a/TRUE", { x: "TRUE" }],
  ["a/{x:alpha}", "a/a1", undefined],
  ["a/{x:double}", "a/1.5", { x: "1.5" }],
  ["a/{x:datetime}", "a/2026-01-01", { x: "2026-01-01" }],
  ["a/{x:regex(^[[a-z]]{{2}}$)}", "a/ab", { x: "ab" }],
  ["a/{x:regex(^[[a-z]]{{2}}$)}", "a/abc", undefined],
])("the route %s makes of /%s: %o", (template, path, want) => {
  const segments = path === "" ? [] : path.split("/");
  expect(matchRoute(parseRouteTemplate(template), segments)).toEqual(want);
});

test.each([
  ["a/{id", /each "\{" needs its "\}"/],
  ["a/{id:lenght(3)}", /route constraint "lenght\(3\)"/],
  ["a/{id:min(x)}", /route constraint "min\(x\)"/],
])("the route %s is refused", (template, message) => {
  expect(() => parseRouteTemplate(template)).toThrow(message);
});
