import { expect, test } from "vitest";
import { parseJson, readYaml } from "../../../shared/kube/http/request-body.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    return error.message;
  }
}

test.each([
  "9007199254740993",
  "-9007199254740993",
  "1234567890123456789",
  "9223372036854775807",
  // 2^60 is kept, but written as 1152921504606847000.
  "1152921504606846976",
  "-9223372036854775808",
])("%s is refused, since it would be kept or told as another number", (number) => {
  const because =
    "cannot be kept exactly: it must be between -9007199254740991 and 9007199254740991, or a text";
  expect(refusal(() => parseJson(bytes(`{"spec": {"id": [${number}]}}`)))).toBe(
    `the number ${number} of field "0" ${because}`,
  );
  expect(refusal(() => parseJson(bytes(`{"spec": {"id": ${number}}}`)))).toBe(
    `the number ${number} of field "id" ${because}`,
  );
  expect(refusal(() => readYaml(bytes(`id: ${number}`)))).toBe(`the number ${number} ${because}`);
});

test.each([
  "9007199254740991",
  "-9007199254740991",
  "9007199254740992",
  "1000000000000000000",
  "1.12345678901234567",
  // More than 64 bits: a floating point number to everyone.
  "99999999999999999999",
  "1e300",
  '"9223372036854775807"',
])("%s is taken", (number) => {
  expect(parseJson(bytes(`{"a": ${number}}`))).toEqual({ a: JSON.parse(number) as Json });
  expect(refusal(() => readYaml(bytes(`{"a": ${number}}`)))).toBeUndefined();
});

test("a number that is too large for any computer is refused as Go refuses it", () => {
  expect(refusal(() => parseJson(bytes('{"a": 1e400}')))).toBe(
    "json: cannot unmarshal number 1e400 into Go value of type float64",
  );
});

test("whatever whole number of 64 bits is taken is written as it was sent", () => {
  const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(fc.oneof(integers, fc.bigInt({ min: 0n, max: 2n ** 54n })), (integer) => {
      const text = `{"a":${integer}}`;
      if (refusal(() => parseJson(bytes(text))) === undefined) {
        expect(JSON.stringify(parseJson(bytes(text)))).toBe(text);
      }
    }),
  );
});

test.each(["application/json", "application/yaml"])(
  "an object of %s is refused for it",
  async (type) => {
    const { send } = await kubeFixture();
    const object = widgetOf("a", { size: 1, free: { id: 0 } });
    const body = JSON.stringify(object).replace('"id":0', '"id":1234567890123456789');
    const headers = { "content-type": type };
    const answer = await send(
      new Request(`https://hub${widgets}`, { method: "POST", body, headers }),
    );
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("the number 1234567890123456789");
  },
);
