import { invalidValue } from "../../field-errors.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, whole } from "../rule.ts";

const queuesMax = 10_000_000;
const hashBitsMax = 60;

/**
 * How requests wait at a priority level: in queues, of which each flow gets a hand. Zero is the
 * default, as an absent number is.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#queuing
 */
export const priorityLevelQueuingRule: Rule = whole((queuing, path) => {
  const [limit, queues, hand] = [
    queuing["queueLengthLimit"] || 50,
    queuing["queues"] || 64,
    queuing["handSize"] || 8,
  ];
  if (typeof limit !== "number" || typeof queues !== "number" || typeof hand !== "number") {
    return [];
  }
  const told = (name: string, value: number, because: string): readonly FieldError[] => [
    invalidValue(`${path}.${name}`, value, because),
  ];
  const handError = wrongHand(queues, hand);
  const tooMany = queues > queuesMax ? `must not be greater than ${queuesMax}` : undefined;
  const queuesError = queues < 0 ? "must be positive" : tooMany;
  return [
    ...(limit < 0 ? told("queueLengthLimit", limit, "must be positive") : []),
    ...(queuesError === undefined ? [] : told("queues", queues, queuesError)),
    ...(handError === undefined ? [] : told("handSize", hand, handError)),
  ];
});

/** A flow's hand is drawn by a hash that has room for so many choices. */
function wrongHand(queues: number, hand: number): string | undefined {
  if (hand < 0) return "must be positive";
  if (hand > queues) return `should not be greater than queues (${queues})`;
  if (Math.ceil(Math.log2(queues) * hand) <= hashBitsMax) return undefined;
  const bits = `required entropy bits of deckSize ${queues} and handSize ${hand}`;
  return `${bits} should not be greater than ${hashBitsMax}`;
}
