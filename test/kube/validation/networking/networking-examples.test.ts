import { expect, test } from "vitest";
import { isArray, objectOf } from "../../../../shared/kube/json.ts";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { endpointSliceRules } from "../../../../shared/kube/validation/networking/endpoint-slice-rules.ts";
import { endpointsRules } from "../../../../shared/kube/validation/networking/endpoints-rules.ts";
import { ingressClassRules } from "../../../../shared/kube/validation/networking/ingress-class-rules.ts";
import { ingressRules } from "../../../../shared/kube/validation/networking/ingress-rules.ts";
import { networkPolicyRules } from "../../../../shared/kube/validation/networking/network-policy-rules.ts";
import { serviceRules } from "../../../../shared/kube/validation/networking/service-rules.ts";
import type { ObjectRule } from "../../../../shared/kube/validation/rule.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { fc } from "../../../chance.ts";
import { errorsOf } from "../errors-of.ts";
import {
  type Examples,
  endpointSlices,
  endpointsExamples,
  ingressClassExamples,
  ingresses,
  networkPolicies,
} from "./networking-examples.ts";
import {
  endpointSlice,
  endpoints,
  ingressClass,
  ingressPath,
  networkPolicy,
  webIngress,
} from "./networking-objects.ts";
import { services } from "./service-examples.ts";

const kinds: readonly (readonly [kind: string, rules: ObjectRule, examples: Examples])[] = [
  ["Service", serviceRules, services],
  ["Ingress", ingressRules, ingresses],
  ["IngressClass", ingressClassRules, ingressClassExamples],
  ["NetworkPolicy", networkPolicyRules, networkPolicies],
  ["Endpoints", endpointsRules, endpointsExamples],
  ["EndpointSlice", endpointSliceRules, endpointSlices],
];

const examples = kinds.flatMap(([kind, rules, all]) =>
  Object.entries(all).map(([name, object]) => ({ kind, name, rules, object })),
);

test.each(examples)("$kind with $name is good, new and unchanged", ({ rules, object }) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, object)).toEqual([]);
});

test.each<[kind: string, rules: ObjectRule, object: KubeObject]>([
  ["an Ingress", ingressRules, webIngress({ rules: 5, tls: 5, ingressClassName: 5 })],
  ["the rules of an Ingress", ingressRules, webIngress({ rules: [5, { host: 5, http: 5 }] })],
  ["the backend of an Ingress", ingressRules, webIngress({ defaultBackend: { service: 5 } })],
  ["the paths of an Ingress", ingressRules, ingressPath(5)],
  [
    "a path of an Ingress",
    ingressRules,
    ingressPath({ pathType: "Exact", path: 5, backend: { resource: 5 } }),
  ],
  ["an IngressClass", ingressClassRules, ingressClass({ controller: 5, parameters: 5 })],
  ["a NetworkPolicy", networkPolicyRules, networkPolicy({ ingress: 5, policyTypes: 5 })],
  [
    "the rules of a NetworkPolicy",
    networkPolicyRules,
    networkPolicy({
      ingress: [5, { from: [5, { podSelector: 5 }, { ipBlock: { cidr: 5, except: [5] } }] }],
      egress: [{ ports: [5, { port: true, endPort: 80, protocol: 5 }] }],
    }),
  ],
  ["Endpoints", endpointsRules, endpoints(5, { addresses: 5 }, { addresses: [5, { ip: 5 }] })],
  ["an EndpointSlice", endpointSliceRules, endpointSlice({ addressType: 5, ports: [5] })],
  [
    "the endpoints of an EndpointSlice",
    endpointSliceRules,
    endpointSlice({ endpoints: [5, { addresses: [5], hostname: 5, hints: 5 }] }),
  ],
])("the rules are silent where %s has a value of a wrong type", (_kind, rules, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
});

type Path = readonly string[];

/** Each field and each item, "spec", "ports", "0". */
function pathsOf(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const children = Object.entries(value as JsonObject);
  return [path, ...children.flatMap(([name, child]) => pathsOf(child ?? null, [...path, name]))];
}

function replaced(value: Json, [name, ...rest]: Path, by: Json): Json {
  if (name === undefined) return by;
  if (isArray(value)) {
    return value.map((item, index) => (`${index}` === name ? replaced(item, rest, by) : item));
  }
  return { ...objectOf(value), [name]: replaced(objectOf(value)[name] ?? null, rest, by) };
}

const strange = fc.constantFrom<Json>(
  { toString: 1, length: 1 },
  JSON.parse('{"__proto__":{"type":"ExternalName"},"constructor":null}') as Json,
  [null, [], {}, ""],
  [{}, null, 5, "None", ["x"]],
  1e308,
  -1,
  "",
  "x".repeat(300),
);
const anything = fc.oneof(strange, fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<Json>;

const changed = fc.constantFrom(...examples).chain(({ rules, object }) =>
  fc.record({
    rules: fc.constant(rules),
    object: fc.constant(object),
    other: fc
      .tuple(fc.constantFrom(...pathsOf(object).filter((path) => path.length > 0)), anything)
      .map(([path, by]) => replaced(object, path, by) as KubeObject),
  }),
);

test("the rules never throw, whatever stands in the place of a field", () => {
  fc.assert(
    fc.property(changed, ({ rules, object, other }) => {
      for (const errors of [rules(other), rules(other, object), rules(object, other)]) {
        for (const { field, message } of errors) expect(field + message).not.toContain("undefined");
      }
    }),
    { numRuns: 1000 },
  );
});
