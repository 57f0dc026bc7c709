import { expect, test } from "vitest";
import { requestMilliseconds } from "../../../shared/kube/flow/request-timeout.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";

const millisecondsOf = (timeout?: string): number =>
  requestMilliseconds(new URLSearchParams(timeout === undefined ? {} : { timeout }), 60);

test.each<[string | undefined, number]>([
  [undefined, 60_000],
  ["", 60_000],
  ["10s", 10_000],
  ["1.5s", 1_500],
  [".5s", 500],
  ["1m", 60_000],
  ["0m10s", 10_000],
  ["10s500ms", 10_500],
  ["300ms", 300],
  ["2000000us", 2_000],
  ["2000000µs", 2_000],
  ["+3s", 3_000],
  ["1h", 60_000],
  ["0", 60_000],
  ["0s", 60_000],
  ["-5s", 60_000],
])("timeout=%s is %d ms", (timeout, milliseconds) => {
  expect(millisecondsOf(timeout)).toBe(milliseconds);
});

test.each([
  ["ten", 'invalid duration "ten"'],
  ["10", 'missing unit in duration "10"'],
  ["10d", 'unknown unit "d" in duration "10d"'],
  ["1s2", 'missing unit in duration "1s2"'],
  ["1..5s", 'invalid duration "1..5s"'],
  ["-", 'invalid duration "-"'],
  [" 1s", 'invalid duration " 1s"'],
  ["1constructor", 'unknown unit "constructor" in duration "1constructor"'],
  ["9".repeat(200), `invalid duration "${"9".repeat(100)}"`],
])("timeout=%s is refused as Go's parser does", (timeout, because) => {
  const refusal = (() => {
    try {
      return millisecondsOf(timeout);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(StatusError);
  expect(refusal).toMatchObject({
    code: 400,
    reason: "BadRequest",
    message: `invalid timeout specified in the request URL - time: ${because}`,
  });
});
