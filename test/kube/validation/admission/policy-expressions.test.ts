import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { validatingAdmissionPolicyRules as rules } from "../../../../shared/kube/validation/admission/validating-admission-policy-rules.ts";
import { forgivingStored } from "../../../../shared/kube/validation/forgiving-stored.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { kubeFixture } from "../../kube-fixture.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { policy } from "./admission-objects.ts";

const paramKind = { apiVersion: "v1", kind: "ConfigMap" };
const checking = (...validations: Json[]) => policy({ validations });
const conditions = (...expressions: string[]) => ({
  matchConditions: expressions.map((expression, index) => ({ name: `c${index}`, expression })),
});
const variables = (entries: Readonly<Record<string, string>>) => ({
  variables: Object.entries(entries).map(([name, expression]) => ({ name, expression })),
});

/** "compilation failed" about a name at the place of a text of one line. */
const failed = (field: string, text: string, [column, because]: readonly [number, string]) =>
  `${field}: Invalid value: ${JSON.stringify(text)}: compilation failed: ERROR: <input>:1:` +
  `${column}: ${because}\n | ${text}\n | ${".".repeat(column - 1)}^`;

const undeclared = (name: string) => `undeclared reference to '${name}' (in container '')`;
const first = "spec.validations[0]";

test.each<[name: string, policy: KubeObject, want: readonly string[]]>([
  [
    "that checks what is neither true nor false",
    checking({ expression: "'a'" }, { expression: "object.spec.paused" }),
    [
      `${first}.expression: Invalid value: "'a'": must evaluate to bool but got string`,
      'spec.validations[1].expression: Invalid value: "object.spec.paused": must evaluate to ' +
        "bool but got dyn",
    ],
  ],
  [
    "with an expression, and a message, that name what is not there",
    checking({ expression: " objekt.a", messageExpression: " 'a' + params.b" }),
    [
      failed(`${first}.expression`, " objekt.a", [2, undeclared("objekt")]),
      failed(`${first}.messageExpression`, " 'a' + params.b", [8, undeclared("params")]),
    ],
  ],
  [
    "with a message that asks the authorizer, or is no text",
    checking(
      { expression: "true", messageExpression: "authorizer.path('/').check('get').reason()" },
      { expression: "true", messageExpression: "object.spec.replicas" },
    ),
    [
      failed(`${first}.messageExpression`, "authorizer.path('/').check('get').reason()", [
        1,
        undeclared("authorizer"),
      ]),
      'spec.validations[1].messageExpression: Invalid value: "object.spec.replicas": must ' +
        "evaluate to string but got dyn",
    ],
  ],
  [
    "with an annotation that is no text",
    policy({ auditAnnotations: [{ key: "a", valueExpression: " 1 + 1 " }] }),
    [
      'spec.auditAnnotations[0].valueExpression: Invalid value: " 1 + 1 ": must evaluate to one ' +
        "of [string null_type] but got int",
    ],
  ],
  [
    "on conditions that compile to nothing, told without the space around them",
    policy(conditions("\n request.nam == ''\n", "params.a == 1", "variables.a", "1")),
    [
      failed("spec.matchConditions[0].expression", "request.nam == ''", [
        8,
        "undefined field 'nam'",
      ]),
      failed("spec.matchConditions[1].expression", "params.a == 1", [1, undeclared("params")]),
      failed("spec.matchConditions[2].expression", "variables.a", [1, undeclared("variables")]),
      'spec.matchConditions[3].expression: Invalid value: "1": must evaluate to bool but got int',
    ],
  ],
  [
    "on conditions that name its variables",
    policy({ paramKind, ...variables({ a: "params.a" }), ...conditions("variables.a == 1") }),
    [
      failed("spec.matchConditions[0].expression", "variables.a == 1", [
        1,
        undeclared("variables"),
      ]),
    ],
  ],
  [
    "with variables that name each other before they are there",
    policy({ ...variables({ a: "variables.b", b: "1", c: "variables.b + variables.c" }) }),
    [
      failed("spec.variables[0].expression", "variables.b", [10, "undefined field 'b'"]),
      failed("spec.variables[2].expression", "variables.b + variables.c", [
        24,
        "undefined field 'c'",
      ]),
    ],
  ],
  [
    "that names variables where it has none",
    checking({ expression: "variables.a == 1" }),
    [failed(`${first}.expression`, "variables.a == 1", [1, undeclared("variables")])],
  ],
  [
    "that takes a variable for what it is not",
    policy({
      ...variables({ count: "size(object.a)", names: "object.a.map(x, string(x))" }),
      validations: [{ expression: "variables.count == 'a'" }, { expression: "variables.names" }],
    }),
    [
      failed(`${first}.expression`, "variables.count == 'a'", [
        17,
        "found no matching overload for '_==_' applied to '(int, string)'",
      ]),
      'spec.validations[1].expression: Invalid value: "variables.names": must evaluate to bool ' +
        "but got list(string)",
    ],
  ],
])("a policy %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

test.each<[name: string, policy: KubeObject]>([
  [
    "whose variables are of all kinds, each known after it",
    policy({
      paramKind,
      ...variables({
        yes: "true",
        text: "'a' + params.b",
        list: "[1, 2]",
        map: "{'a': ['b']}",
        maybe: "object.?spec.?replicas",
        user: "request.userInfo",
        nothing: "null",
        time: "timestamp(object.a)",
        any: "object.spec",
        texts: "variables.any.names.map(n, n + variables.text)",
        contexts: "object.spec.containers.map(c, c.?securityContext)",
        mystery: "object.a.`b`",
      }),
      validations: [
        "variables.yes && variables.list[0] == 1 && variables.map['a'][0] == 'b'",
        "variables.maybe.orValue(1) > 0 && variables.user.username != variables.text",
        "variables.nothing == null && variables.time < timestamp(object.b)",
        "variables.texts.exists(t, t.startsWith(variables.text)) && variables.mystery == 1",
        "variables.contexts.all(c, c.?runAsNonRoot == optional.of(true))",
        "variables.maybe.orValue(true)",
      ].map((expression) => ({ expression, messageExpression: "variables.text" })),
      auditAnnotations: [{ key: "a", valueExpression: " variables.yes ? variables.text : 'b' " }],
    }),
  ],
  [
    "whose variable has no name that an expression can have, or compiles to nothing",
    policy({ ...variables({ a: "object.b" }), ...conditions("\n true // is always so \n") }),
  ],
  ["that annotates nothing", policy({ auditAnnotations: [{ key: "a", valueExpression: "null" }] })],
])("a policy %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expectNeverThrows(rules, object);
});

test("a variable that does not compile is of any type after it", () => {
  const object = policy({
    ...variables({ wrong: "objekt" }),
    validations: [{ expression: "variables.wrong.size() == 1" }],
  });
  expect(errorsOf(rules, object)).toEqual([
    failed("spec.variables[0].expression", "objekt", [1, undeclared("objekt")]),
  ]);
});

test("what is stored may stay as it is, and what comes to it is met", () => {
  const rule = forgivingStored(rules);
  const stored = checking({ expression: "newer(object.a)" });
  expect(errorsOf(rule, { ...stored, metadata: { name: "replicas.example.com" } }, stored)).toEqual(
    [],
  );
  const more = checking({ expression: "newer(object.a)" }, { expression: "newest(object.a)" });
  expect(errorsOf(rule, more, stored)).toEqual([
    failed("spec.validations[1].expression", "newest(object.a)", [7, undeclared("newest")]),
  ]);
});

test("the API refuses what does not compile, and says where", async () => {
  const { ask } = await kubeFixture();
  const path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
  const wrong = checking({ expression: "objekt.spec.replicas > 1" });
  const { status, body } = await ask("POST", path, wrong as unknown as JsonObject);
  expect(status).toBe(422);
  expect(body["details"]).toMatchObject({
    causes: [{ reason: "FieldValueInvalid", field: `${first}.expression` }],
  });
  expect(body["message"]).toContain(`ERROR: <input>:1:1: ${undeclared("objekt")}`);
  const right = checking({ expression: "object.spec.replicas > 1" });
  expect((await ask("POST", path, right as unknown as JsonObject)).status).toBe(201);
});

test("a policy may have hundreds of expressions", () => {
  const expression =
    "object.spec.template.spec.containers.all(c, has(c.securityContext) && c.image.startsWith(" +
    "variables.v0) && (!has(c.resources) || quantity(c.resources.limits['cpu']).isLessThan(" +
    "quantity('4'))))";
  const many = Array.from({ length: 400 }, (_, index) => index);
  const object = policy({
    ...variables(Object.fromEntries(many.map((index) => [`v${index}`, `'${index}' + object.a`]))),
    validations: many.map(() => ({ expression, messageExpression: "'not ' + variables.v399" })),
  });
  expect(errorsOf(rules, object)).toEqual([]);
});
