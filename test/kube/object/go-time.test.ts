import { expect, test } from "vitest";
import { goTimeError } from "../../../shared/kube/object/go-time.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { configMaps, kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";

test.each([
  "2026-11-21T12:00:00Z",
  "2024-02-29T23:59:59+14:00",
  "2026-11-21T12:00:00.123456789-07:30",
  "2026-11-21T12:00:00,5Z",
  "2026-11-21T1:00:00Z",
  "0001-01-01T00:00:00Z",
])("%s is a time", (text) => {
  expect(goTimeError(text)).toBeUndefined();
});

const layout = '"2006-01-02T15:04:05Z07:00"';

test.each([
  ["foo", `parsing time "foo" as ${layout}: cannot parse "foo" as "2006"`],
  ["", `parsing time "" as ${layout}: cannot parse "" as "2006"`],
  ["2026", `parsing time "2026" as ${layout}: cannot parse "" as "-"`],
  ["2026-1-1", `parsing time "2026-1-1" as ${layout}: cannot parse "1-1" as "01"`],
  ["2026-11-21", `parsing time "2026-11-21" as ${layout}: cannot parse "" as "T"`],
  [
    "2026-11-21 12:00:00Z",
    `parsing time "2026-11-21 12:00:00Z" as ${layout}: cannot parse " 12:00:00Z" as "T"`,
  ],
  [
    "2026-11-21T12:00:00",
    `parsing time "2026-11-21T12:00:00" as ${layout}: cannot parse "" as "Z07:00"`,
  ],
  ["2026-13-01T00:00:00Z", 'parsing time "2026-13-01T00:00:00Z": month out of range'],
  ["2026-02-29T00:00:00Z", 'parsing time "2026-02-29T00:00:00Z": day out of range'],
  ["2026-01-01T24:00:00Z", 'parsing time "2026-01-01T24:00:00Z": hour out of range'],
  ["2026-01-01T00:60:00Z", 'parsing time "2026-01-01T00:60:00Z": minute out of range'],
  ["2026-01-01T00:00:60Z", 'parsing time "2026-01-01T00:00:60Z": second out of range'],
  ["2026-01-01T00:00:00Zulu", 'parsing time "2026-01-01T00:00:00Zulu": extra text: "ulu"'],
])("%s is none", (text, because) => {
  expect(goTimeError(text)).toBe(because);
});

test("each moment is a time, as JavaScript writes it", () => {
  const years = { min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") };
  fc.assert(
    fc.property(fc.date({ ...years, noInvalidDate: true }), (date) => {
      expect(goTimeError(date.toISOString())).toBeUndefined();
    }),
  );
});

test.each<[field: string, value: Json, because: string]>([
  ["creationTimestamp", "foo", `parsing time "foo" as ${layout}: cannot parse "foo" as "2006"`],
  ["creationTimestamp", 5, "json: cannot unmarshal number into Go value of type string"],
  ["deletionTimestamp", {}, "json: cannot unmarshal object into Go value of type string"],
])("a %s that is %j cannot be read", async (field, value, because) => {
  const { ask } = await kubeFixture();
  const { body } = await ask("POST", configMaps, { metadata: { name: "a", [field]: value } });
  const cannot = (kind: string): string =>
    `${kind} in version "v1" cannot be handled as a ${kind}: ${because}`;
  expect(body).toMatchObject({ code: 400, message: cannot("ConfigMap") });
  const widget = { ...widgetOf("a", { size: 1 }), metadata: { name: "a", [field]: value } };
  expect((await ask("POST", widgets, widget)).body).toMatchObject({
    code: 400,
    message: cannot("Widget"),
  });
});

test("a time of creation that can be read, or is none, is the server's to set", async () => {
  const { ask } = await kubeFixture();
  for (const [name, creationTimestamp] of [
    ["a", null],
    ["b", "2020-01-01T00:00:00Z"],
  ]) {
    const { body } = await ask("POST", configMaps, { metadata: { name, creationTimestamp } });
    expect(body).toMatchObject({ metadata: { creationTimestamp: "2026-11-21T12:00:00Z" } });
  }
});
