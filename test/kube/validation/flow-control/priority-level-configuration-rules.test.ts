import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { priorityLevelConfigurationRules as rules } from "../../../../shared/kube/validation/flow-control/priority-level-configuration-rules.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { level } from "./flow-objects.ts";

const limited = (fields: JsonObject): KubeObject =>
  level({ type: "Limited", limited: { limitResponse: { type: "Reject" }, ...fields } });
const queued = (queuing: JsonObject): KubeObject =>
  limited({ limitResponse: { type: "Queue", queuing } });

const onlyExempt = "type must be 'Exempt' if and only if name is 'exempt'";
const response = "spec.limited.limitResponse";
const queuing = `${response}.queuing`;

const bad: [name: string, level: KubeObject, want: readonly string[]][] = [
  [
    "of no type",
    level({}),
    ['spec.type: Unsupported value: "": supported values: "Exempt", "Limited"'],
  ],
  [
    "without limits and a name of its own",
    level({ type: "Exempt", limited: {}, exempt: { nominalConcurrencyShares: -1 } }),
    [
      `spec.type: Invalid value: "Exempt": ${onlyExempt}`,
      "spec.limited: Forbidden: must be nil if the type is not Limited",
      "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
    ],
  ],
  [
    "that is limited by nothing",
    level({ type: "Limited", exempt: {} }),
    [
      "spec.exempt: Forbidden: must be nil if the type is Limited",
      "spec.limited: Required value: must not be empty when type is Limited",
    ],
  ],
  [
    "with shares that are none",
    limited({
      nominalConcurrencyShares: -1,
      limitResponse: {},
      lendablePercent: 101,
      borrowingLimitPercent: -1,
    }),
    [
      "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
      `${response}.type: Unsupported value: "": supported values: "Queue", "Reject"`,
      "spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
      "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a " +
        "non-negative integer",
    ],
  ],
  [
    "that does not say what it does at its limits",
    level({ type: "Limited", limited: {} }),
    [`${response}.type: Unsupported value: "": supported values: "Queue", "Reject"`],
  ],
  [
    "that queues and refuses",
    limited({ limitResponse: { type: "Reject", queuing: {} } }),
    [`${queuing}: Forbidden: must be nil if limited.limitResponse.type is not Limited`],
  ],
  [
    "that queues nowhere",
    limited({ limitResponse: { type: "Queue" } }),
    [`${queuing}: Required value: must not be empty if limited.limitResponse.type is Limited`],
  ],
  [
    "with negative queues",
    queued({ queues: -1, handSize: -1, queueLengthLimit: -1 }),
    [
      `${queuing}.queueLengthLimit: Invalid value: -1: must be positive`,
      `${queuing}.queues: Invalid value: -1: must be positive`,
      `${queuing}.handSize: Invalid value: -1: must be positive`,
    ],
  ],
  [
    "with too many queues",
    queued({ queues: 2 ** 31 - 1, handSize: 3 }),
    [
      `${queuing}.queues: Invalid value: 2147483647: must not be greater than 10000000`,
      `${queuing}.handSize: Invalid value: 3: required entropy bits of deckSize 2147483647 and ` +
        "handSize 3 should not be greater than 60",
    ],
  ],
  [
    "with too large hands",
    queued({ queues: 7 }),
    [`${queuing}.handSize: Invalid value: 8: should not be greater than queues (7)`],
  ],
  [
    "with hands that cannot be drawn",
    queued({ queues: 128, handSize: 10 }),
    [
      `${queuing}.handSize: Invalid value: 10: required entropy bits of deckSize 128 and ` +
        "handSize 10 should not be greater than 60",
    ],
  ],
  [
    "for all else, of another size,",
    level({ type: "Limited", limited: { limitResponse: { type: "Reject" } } }, "catch-all"),
    [
      'spec: Invalid value: {"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}}: ' +
        "spec of 'catch-all' must equal the fixed value",
    ],
  ],
  [
    "for the owner, with limits,",
    level(
      { type: "Limited", limited: { limitResponse: { type: "Reject" } }, exempt: {} },
      "exempt",
    ),
    [
      `spec.type: Invalid value: "Limited": ${onlyExempt}`,
      "spec.exempt: Forbidden: must be nil if the type is Limited",
      'spec: Invalid value: {"type":"Limited","limited":{"limitResponse":{"type":"Reject"}},' +
        "\"exempt\":{}}: spec of 'exempt' except the 'spec.exempt' field must equal the fixed " +
        "value",
    ],
  ],
];

test.each(bad)("a level %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const everything = limited({
  nominalConcurrencyShares: 30,
  lendablePercent: 50,
  borrowingLimitPercent: 500,
  limitResponse: { type: "Queue", queuing: { handSize: 6, queueLengthLimit: 50, queues: 128 } },
});

test.each([
  ["of the least that there is", limited({})],
  ["of all that there is", everything],
  ["without any seat", limited({ nominalConcurrencyShares: 0 })],
  ["with queues of the default sizes", queued({})],
  ["with queues of zeros, which are defaults", queued({ queues: 0, handSize: 0 })],
  ["with as many queues as there may be", queued({ queues: 10_000_000, handSize: 2 })],
  ["for the owner", level({ type: "Exempt" }, "exempt")],
  [
    "for the owner, that lends",
    level(
      { type: "Exempt", exempt: { nominalConcurrencyShares: 5, lendablePercent: 100 } },
      "exempt",
    ),
  ],
  [
    "for all else",
    level(
      {
        type: "Limited",
        limited: {
          nominalConcurrencyShares: 5,
          lendablePercent: 0,
          limitResponse: { type: "Reject" },
        },
      },
      "catch-all",
    ),
  ],
  ["with a field of a newer version", limited({ somethingNew: true })],
])("a level %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, everything)).toEqual([]);
});

test("the rules of levels never throw", () => {
  expectNeverThrows(rules, everything, level({ type: "Exempt", exempt: {} }, "exempt"));
  expectNeverThrows(rules, { ...everything, metadata: { name: "catch-all" } });
});
