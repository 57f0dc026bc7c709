import { expect, test } from "vitest";
import { parseRequestTarget } from "../../../../infra/local/functions-host/request-target.ts";
import { fc } from "../../../chance.ts";

test.each([
  ["/", [], "/"],
  ["/a/b/", ["a", "b"], "/a/b/"],
  ["/a//b", ["a", "", "b"], "/a//b"],
  ["/a%20b/%C3%A9", ["a b", "é"], "/a%20b/%C3%A9"],
  ["/a%2Fb%2fc", ["a%2Fb%2fc"], "/a%2Fb%2fc"],
  ["/a/../b", ["b"], "/b"],
  ["/a/%2e%2e/b", ["b"], "/b"],
  ["http://elsewhere/a?x=1", ["a"], "/a"],
])("the target %s has the segments %j", (target, segments, path) => {
  expect(parseRequestTarget(target, "example.com")).toMatchObject({ segments, path });
});

test("the query keeps repeated keys", () => {
  const { query } = parseRequestTarget("/a?x=1&x=2&y=%20", "example.com") ?? {};
  expect([query?.getAll("x"), query?.get("y")]).toEqual([["1", "2"], " "]);
});

test.each([
  ["a path of bad percent-encoding", "/%", "h"],
  ["a path of bytes that are no UTF-8", "/%ff", "h"],
  ["a NUL", "/%00", "h"],
  ["no path", "*", "h"],
  ["too long a path", `/${"a".repeat(8192)}`, "h"],
  ["a host with a path in it", "/", "h/x"],
  ["a host with a user in it", "/", "me@h"],
  ["a host that is too long", "/", "h".repeat(300)],
])("a request with %s is malformed", (_name, target, host) => {
  expect(parseRequestTarget(target, host)).toBeUndefined();
});

test("no target makes the parser throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (target, host) => {
      const parsed = parseRequestTarget(`/${target}`, host);
      expect(parsed === undefined || parsed.path.startsWith("/")).toBe(true);
    }),
  );
});
