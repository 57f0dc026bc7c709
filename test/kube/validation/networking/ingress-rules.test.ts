import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { ingressClassRules } from "../../../../shared/kube/validation/networking/ingress-class-rules.ts";
import { ingressRules } from "../../../../shared/kube/validation/networking/ingress-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { notA1035Label, notALabel, notASubdomain, notAWildcard, portRange } from "../sentences.ts";
import { ingressClass, ingressPath, toWeb, webIngress } from "./networking-objects.ts";

type Case = readonly [behaviour: string, object: KubeObject, errors: readonly string[]];

const path0 = "spec.rules[0].http.paths[0]";
const host = (name: string) => webIngress({ rules: [{ host: name }] });
const backend = (value: KubeObject["spec"]) => webIngress({ defaultBackend: value ?? null });
const prefix = (path: string) => ingressPath({ path, pathType: "Prefix", backend: toWeb });

const specCases: readonly Case[] = [
  ...[null, []].map(
    (rules): Case => [
      `with neither a backend nor rules: ${JSON.stringify(rules)}`,
      webIngress({ defaultBackend: null, rules }),
      [
        `spec: Invalid value: ${JSON.stringify(rules)}: either \`defaultBackend\` or \`rules\` ` +
          "must be specified",
      ],
    ],
  ),
  [
    "without a spec",
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "web" } },
    ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
  ],
  [
    "for a host that is no name",
    host("Shop.example.com"),
    [`spec.rules[0].host: Invalid value: "Shop.example.com": ${notASubdomain}`],
  ],
  [
    "for a host with a port",
    host("shop.example.com:8080"),
    [`spec.rules[0].host: Invalid value: "shop.example.com:8080": ${notASubdomain}`],
  ],
  [
    "for an address",
    host("10.1.2.3"),
    ['spec.rules[0].host: Invalid value: "10.1.2.3": must be a DNS name, not an IP address'],
  ],
  [
    "for an address that is no name either",
    host("fd00::1"),
    [
      'spec.rules[0].host: Invalid value: "fd00::1": must be a DNS name, not an IP address',
      `spec.rules[0].host: Invalid value: "fd00::1": ${notASubdomain}`,
    ],
  ],
  ...["*", "*shop.example.com", "shop.*.com", "*.*.com"].map(
    (name): Case => [
      `for the hosts ${name}`,
      host(name),
      [`spec.rules[0].host: Invalid value: "${name}": ${notAWildcard}`],
    ],
  ),
  [
    "for hosts of too long a name",
    host(`*.${"a.".repeat(126)}b`),
    [
      `spec.rules[0].host: Invalid value: "*.${"a.".repeat(126)}b": must be no more than 253 ` +
        "characters",
    ],
  ],
  [
    "for a host without paths",
    webIngress({ rules: [{ host: "shop.example.com", http: { paths: [] } }] }),
    ["spec.rules[0].http.paths: Required value"],
  ],
  [
    "with certificates for hosts that are no names",
    webIngress({ tls: [{ hosts: ["shop.example.com", "Shop", "*", ""] }] }),
    [
      `spec.tls[0].hosts[1]: Invalid value: "Shop": ${notASubdomain}`,
      `spec.tls[0].hosts[2]: Invalid value: "*": ${notAWildcard}`,
      `spec.tls[0].hosts[3]: Invalid value: "": ${notASubdomain}`,
    ],
  ],
  [
    "with certificates in a Secret of no name",
    webIngress({ tls: [{ secretName: "shop_tls" }] }),
    [`spec.tls[0].secretName: Invalid value: "shop_tls": ${notASubdomain}`],
  ],
  [
    "of a class that is no name",
    webIngress({ ingressClassName: "" }),
    [`spec.ingressClassName: Invalid value: "": ${notASubdomain}`],
  ],
];

const pathCases: readonly Case[] = [
  [
    "with a path of no type",
    ingressPath({ path: "/" }),
    [`${path0}.pathType: Required value: pathType must be specified`],
  ],
  [
    "with a path of an unknown type and no backend",
    ingressPath({ path: "shop", pathType: "Regex" }),
    [
      `${path0}.pathType: Unsupported value: "Regex": supported values: "Exact", ` +
        '"ImplementationSpecific", "Prefix"',
      `${path0}.backend: Invalid value: "": resource or service backend is required`,
    ],
  ],
  ...["Exact", "Prefix"].map(
    (pathType): Case => [
      `with an empty path of type ${pathType}`,
      ingressPath({ pathType, backend: toWeb }),
      [`${path0}.path: Invalid value: "": must be an absolute path`],
    ],
  ),
  [
    "with a relative path that the ingress controller understands",
    ingressPath({ path: "shop", pathType: "ImplementationSpecific", backend: toWeb }),
    [`${path0}.path: Invalid value: "shop": must be an absolute path`],
  ],
  ...["//", "/./", "/../", "%2f", "%2F"].map(
    (sequence): Case => [
      `with a path that contains ${sequence}`,
      prefix(`/a${sequence}b`),
      [`${path0}.path: Invalid value: "/a${sequence}b": must not contain '${sequence}'`],
    ],
  ),
  ...["/..", "/."].map(
    (ending): Case => [
      `with a path that ends with ${ending}`,
      prefix(`/a${ending}`),
      [`${path0}.path: Invalid value: "/a${ending}": cannot end with '${ending}'`],
    ],
  ),
];

const backendCases: readonly Case[] = [
  [
    "with an empty backend",
    backend({}),
    ['spec.defaultBackend: Invalid value: "": resource or service backend is required'],
  ],
  [
    "with two backends in one",
    backend({ ...toWeb, resource: { kind: "Bucket", name: "web" } }),
    ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends'],
  ],
  [
    "with a backend of no name and no port",
    backend({ service: {} }),
    [
      "spec.defaultBackend.service.name: Required value",
      "spec.defaultBackend: Required value: port name or number is required",
    ],
  ],
  [
    "with a backend of a bad name",
    backend({ service: { name: "Web", port: { number: 80 } } }),
    [`spec.defaultBackend.service.name: Invalid value: "Web": ${notA1035Label}`],
  ],
  [
    "with a backend's port by name and number",
    backend({ service: { name: "web", port: { name: "http", number: 80 } } }),
    ['spec.defaultBackend: Invalid value: "": cannot set both port name & port number'],
  ],
  [
    "with a backend's port of a bad name",
    backend({ service: { name: "web", port: { name: "http_1" } } }),
    [
      'spec.defaultBackend.service.port.name: Invalid value: "http_1": must contain only ' +
        "alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    ],
  ],
  [
    "with a backend's port above the range",
    backend({ service: { name: "web", port: { number: 70_000 } } }),
    [`spec.defaultBackend.service.port.number: Invalid value: 70000: ${portRange}`],
  ],
  [
    "with a backend that is an object of no kind and no name",
    backend({ resource: { apiGroup: "Example" } }),
    [
      `spec.defaultBackend.resource.apiGroup: Invalid value: "Example": ${notASubdomain}`,
      "spec.defaultBackend.resource.kind: Required value: kind is required",
      "spec.defaultBackend.resource.name: Required value: name is required",
    ],
  ],
  [
    "with a backend that is an object of a bad kind and name",
    backend({ resource: { kind: "a/b", name: ".." } }),
    [
      "spec.defaultBackend.resource.kind: Invalid value: \"a/b\": may not contain '/'",
      "spec.defaultBackend.resource.name: Invalid value: \"..\": may not be '..'",
    ],
  ],
];

test.each([...specCases, ...pathCases, ...backendCases])(
  "an Ingress is refused %s",
  (_behaviour, ingress, errors) => {
    expect(errorsOf(ingressRules, ingress)).toEqual(errors);
  },
);

test("an Ingress is refused a class in its annotation that is another than in its field", () => {
  const annotated = (name: string) =>
    webIngress(
      { ingressClassName: "public" },
      { annotations: { "kubernetes.io/ingress.class": name } },
    );
  expect(errorsOf(ingressRules, annotated("nginx"))).toEqual([
    'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match ' +
      "`ingressClassName` when both are specified",
  ]);
  expect(errorsOf(ingressRules, annotated("public"))).toEqual([]);
  expect(errorsOf(ingressRules, annotated("nginx"), annotated("nginx"))).toEqual([]);
});

test("an Ingress can change all of its spec", () => {
  const after = ingressPath({ path: "/shop", pathType: "Exact", backend: toWeb });
  expect(errorsOf(ingressRules, after, webIngress({ ingressClassName: "a" }))).toEqual([]);
});

const controller = "example.com/ingress";
const parameters = { kind: "Settings", name: "public" };

test.each<Case>([
  ["without a controller", ingressClass({}), ["spec.controller: Required value"]],
  [
    "without a spec",
    { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "public" } },
    ["spec.controller: Required value"],
  ],
  ...["nginx", "/nginx", "example.com/"].map(
    (name): Case => [
      `with the controller ${name}`,
      ingressClass({ controller: name }),
      [
        `spec.controller: Invalid value: "${name}": must be a domain-prefixed path ` +
          '(such as "acme.io/foo")',
      ],
    ],
  ),
  [
    "with a controller of a bad domain and path",
    ingressClass({ controller: "Example/a b" }),
    [
      `spec.controller: Invalid value: "Example": ${notASubdomain}`,
      'spec.controller: Invalid value: "a b": Invalid path (regex used for validation is ' +
        "'[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
    ],
  ],
  [
    "with a controller of more than 250 bytes",
    ingressClass({ controller: `example.com/${"a".repeat(239)}` }),
    ["spec.controller: Too long: may not be more than 250 bytes"],
  ],
  [
    "with parameters of no kind and no name",
    ingressClass({ controller, parameters: {} }),
    [
      "spec.parameters.kind: Required value: kind is required",
      "spec.parameters.name: Required value: name is required",
    ],
  ],
  [
    "with parameters of an unknown scope",
    ingressClass({ controller, parameters: { ...parameters, scope: "Fleet", namespace: "a" } }),
    ['spec.parameters.scope: Unsupported value: "Fleet": supported values: "Cluster", "Namespace"'],
  ],
  [
    "with parameters of a namespace that is not named",
    ingressClass({ controller, parameters: { ...parameters, scope: "Namespace" } }),
    ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
  ],
  [
    "with parameters of a namespace that is none",
    ingressClass({
      controller,
      parameters: { ...parameters, scope: "Namespace", namespace: "Shop" },
    }),
    [`spec.parameters.namespace: Invalid value: "Shop": ${notALabel}`],
  ],
  ...[{ scope: "Cluster" }, {}].map(
    (scope): Case => [
      `with parameters of the cluster in a namespace: ${JSON.stringify(scope)}`,
      ingressClass({ controller, parameters: { ...parameters, ...scope, namespace: "shop" } }),
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
  ),
])("an IngressClass is refused %s", (_behaviour, object, errors) => {
  expect(errorsOf(ingressClassRules, object)).toEqual(errors);
});

test("an IngressClass keeps its controller, and can change its parameters", () => {
  const before = ingressClass({ controller });
  expect(
    errorsOf(ingressClassRules, ingressClass({ controller: "example.com/b" }), before),
  ).toEqual(['spec.controller: Invalid value: "example.com/b": field is immutable']);
  expect(errorsOf(ingressClassRules, ingressClass({ controller, parameters }), before)).toEqual([]);
});
