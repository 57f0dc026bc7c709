import { expect, test } from "vitest";
import { checkExpression } from "../../../../shared/kube/cel/admission/check-expression.ts";
import { resultError } from "../../../../shared/kube/cel/admission/result-error.ts";
import { conditions, everything, refusal } from "./admission-scopes.ts";

const at = (line: string, column: number, because: string) =>
  `compilation failed: ERROR: <input>:1:${column}: ${because}\n | ${line}\n | ` +
  `${".".repeat(column - 1)}^`;

const undeclared = (name: string) => `undeclared reference to '${name}' (in container '')`;
const overload = (name: string, types: string) =>
  `found no matching overload for '${name}' applied to '${types}'`;

test.each<[expression: string, column: number, because: string]>([
  // Names
  ["objekt.spec.replicas > 1", 1, undeclared("objekt")],
  ["object.foo < invalid.x", 14, undeclared("invalid")],
  ["object.names.all(n, m == 'a')", 21, undeclared("m")],
  ["request.namex == 'a'", 8, "undefined field 'namex'"],
  ["request.userInfo.foo5 == 'nope'", 17, "undefined field 'foo5'"],
  ["request.requestKind.foo3 == 'nope'", 20, "undefined field 'foo3'"],
  ["namespaceObject.metadata.ownerReferences == []", 25, "undefined field 'ownerReferences'"],
  ["has(request.object)", 12, "undefined field 'object'"],
  ["variables.other == 1", 10, "undefined field 'other'"],
  ["has(variables.other)", 14, "undefined field 'other'"],
  ["variables.?other.hasValue()", 12, "undefined field 'other'"],
  ["authorizer.foo == 1", 11, "undefined field 'foo'"],
  // Functions
  ["object.metadata.name.startWith('demo')", 31, undeclared("startWith")],
  ["!exists(object.a, t, true)", 19, undeclared("t")],
  ["object.a.map(a, a.b).unique().size() > 1", 28, undeclared("unique")],
  ["math.greatest(1, 2) == 2", 1, undeclared("math")],
  ["nothing(object.a)", 8, undeclared("nothing")],
  ["'a'.startsWith(1)", 15, overload("startsWith", "string.(int)")],
  ["size(1) == 1", 5, overload("size", "(int)")],
  ["authorizer.requestResource.check(1).allowed()", 33, overload("check", resourceCheck("(int)"))],
  ["request.userInfo.groups.contains('a')", 33, overload("contains", "list(string).(string)")],
  // Operators
  ["request.kind != 'Lease'", 14, overload("_!=_", "(kubernetes.GroupVersionKind, string)")],
  ["1 < 'asdf'", 3, overload("_<_", "(int, string)")],
  ["'replicas: ' + variables.replicas == ''", 14, overload("_+_", "(string, int)")],
  ["1 in request.userInfo.groups", 3, overload("@in", "(int, list(string))")],
  ["variables.environment == 1", 23, overload("_==_", "(string, int)")],
  ["variables.isExempt && variables.replicas", 20, overload("_&&_", "(bool, int)")],
  ["(variables.replicas) || true", 22, overload("_||_", "(int, bool)")],
  ["!request.name", 1, overload("!_", "(string)")],
  ["-request.name == 'a'", 1, overload("-_", "(string)")],
  ["(true ? 1 : 'a') == 1", 7, overload("_?_:_", "(bool, int, string)")],
  ["request.name[0] == 'a'", 13, overload("_[_]", "(string, int)")],
  ["request.userInfo.groups['a'] == ''", 24, overload("_[_]", "(list(string), string)")],
  ["request.name.x == 'a'", 13, "type 'string' does not support field selection"],
  ["request.userInfo.extra == {'a': 1}", 24, overload("_==_", extras("map(string, int)"))],
  // Macros
  ["has(object)", 5, "invalid argument to has() macro"],
  ["has(object.a['b'])", 13, "invalid argument to has() macro"],
  ["object.names.all(1, true)", 18, "argument must be a simple name"],
  // Syntax
  ["object.spec..x == 1", 13, "Syntax error: Expected IDENTIFIER, got DOT"],
  ["'asdf'.contains('x'", 20, "Syntax error: Expected RPAREN, got EOF"],
  ["fail to compile test", 6, "Syntax error: Unexpected character: 'o'"],
  ["'abc", 1, "Syntax error: Unterminated string"],
])("refused: %s", (expression, column, because) => {
  expect(refusal(expression)).toBe(at(expression, column, because));
});

function resourceCheck(types: string): string {
  return `kubernetes.authorization.ResourceCheck.${types}`;
}

function extras(other: string): string {
  return `(map(string, list(string)), ${other})`;
}

test("the line of a mistake is shown", () => {
  expect(refusal("object.a == 1 &&\n  reqest.name == 'a' &&\n  object.b == 2")).toBe(
    "compilation failed: ERROR: <input>:2:3: undeclared reference to 'reqest' (in container '')\n" +
      " |   reqest.name == 'a' &&\n | ..^",
  );
});

test("a pattern that is none is refused", () => {
  expect(refusal("object.a.matches('(')")).toBe(
    "compilation failed: error parsing regexp: missing closing ): `(`",
  );
});

test("an expression of too many characters is refused", () => {
  expect(refusal(`object.a == '${"ü".repeat(99_986)}'`)).toBeUndefined();
  expect(refusal(`object.a == '${"ü".repeat(99_987)}'`)).toBe(
    "compilation failed: ERROR: <input>:-1:0: expression code point size exceeds limit: size: " +
      "100001, limit 100000",
  );
});

test.each(["params.a == 1", "variables.isExempt"])(
  "nothing is known of it in a condition of a webhook: %s",
  (expression) => {
    expect(refusal(expression)).toBeUndefined();
    expect(refusal(expression, "bool", conditions)).toContain("undeclared reference to");
  },
);

test.each([
  ["bool", "object.spec.paused", "dyn"],
  ["bool", "oldObject['spec'].paused[0]", "dyn"],
  ["bool", "params.isOn", "dyn"],
  ["bool", "request.userInfo.username", "string"],
  ["bool", "null", "null_type"],
  ["bool", "object.containers.map(c, c.name)", "list(dyn)"],
  ["bool", "{'a': duration('1s')}", "map(string, duration)"],
  ["bool", "object.?spec", "optional_type(dyn)"],
  ["bool", "timestamp(object.a)", "google.protobuf.Timestamp"],
  ["bool", "request", "kubernetes.AdmissionRequest"],
  ["string", "object.spec.replicas", "dyn"],
  ["string", "variables.replicas + 1", "int"],
  ["map<string, int>", "{'spec': {'replicas': 1}}", "map(string, map(string, int))"],
])("what is no %s is refused: %s", (result, expression, found) => {
  const asked = result.replace("<", "(").replace(">", ")");
  expect(refusal(expression, result)).toBe(`must evaluate to ${asked} but got ${found}`);
});

test("what an expression makes is told in a list of what it may make", () => {
  const told = (text: string) => resultError(checkExpression(text, everything), ["string", "null"]);
  expect(told("1")).toBe("must evaluate to one of [string null_type] but got int");
  expect(["null", "'a'", "true ? object.a : null"].map(told)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
