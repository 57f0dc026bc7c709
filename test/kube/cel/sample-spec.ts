/** A `spec` with a field of each type that a rule can meet. */
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import { objectSchema } from "./cel-fixture.ts";

const text: OpenApiSchema = { type: "string" };
const whole: OpenApiSchema = { type: "integer" };

const properties: Readonly<Record<string, OpenApiSchema>> = {
  int: whole,
  double: { type: "number" },
  text,
  flag: { type: "boolean" },
  "dash-name": text,
  "dot.name": text,
  in: text,
  namespace: text,
  time: { type: "string", format: "date-time" },
  wait: { type: "string", format: "duration" },
  bytes: { type: "string", format: "byte" },
  either: { "x-kubernetes-int-or-string": true },
  items: { type: "array", items: { type: "object", properties: { name: text, size: whole } } },
  sizes: { type: "array", items: whole },
  map: { type: "object", additionalProperties: text },
  inner: { type: "object", properties: { a: text, b: whole } },
  maybe: text,
};

/** A value of each field but `maybe`. */
export const sampleSpec = {
  int: 5,
  double: 1.5,
  text: "hello wörld",
  flag: true,
  "dash-name": "d",
  "dot.name": "p",
  in: "i",
  namespace: "n",
  time: "2026-11-21T12:00:00Z",
  wait: "1h30m",
  bytes: "aGk=",
  either: "50%",
  items: [
    { name: "a", size: 1 },
    { name: "b", size: 2 },
  ],
  sizes: [3, 1, 2],
  map: { x: "1", y: "2" },
  inner: { a: "q", b: 1 },
};

/** A schema of the sample with one rule. */
export function specSchema(rule: string): OpenApiSchema {
  return objectSchema({ type: "object", properties, "x-kubernetes-validations": [{ rule }] });
}
