import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import {
  preparedSigningRequest,
  certificateSigningRequestRules as rules,
} from "../../../../shared/kube/validation/certificate/certificate-signing-request-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { fc } from "../../../chance.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notALabel, notASubdomain } from "../sentences.ts";

const pem = (type: string, body = "MIIBAQ=="): string =>
  Buffer.from(`-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`).toString("base64");

const request = pem("CERTIFICATE REQUEST");
const signerName = "kubernetes.io/kube-apiserver-client";

/** The least that a request must say, with `spec` over it; null takes away. */
function signingRequest(spec: Readonly<Record<string, Json>> = {}): KubeObject {
  const all: Readonly<Record<string, Json>> = {
    request,
    signerName,
    usages: ["client auth"],
    ...spec,
  };
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "myuser" },
    spec: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
  };
}

const by = (name: string): KubeObject => signingRequest({ signerName: name });
const noRequest = "PEM block type must be CERTIFICATE REQUEST";
const noForm = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
const label = "d".repeat(63);
const longDomain = `${label}.${label}.${label}.${label}`;
const signer = "spec.signerName: Invalid value";

const bad: [name: string, request: KubeObject, want: readonly string[]][] = [
  [
    "that says nothing",
    { ...signingRequest(), spec: {} },
    [
      `spec.request: Invalid value: null: ${noRequest}`,
      "spec.usages: Required value",
      "spec.signerName: Required value",
    ],
  ],
  ...[pem("CERTIFICATE"), pem("NEW CERTIFICATE REQUEST"), "aGVsbG8=", ""].map(
    (other): [string, KubeObject, string[]] => [
      `of no request but ${JSON.stringify(other)}`,
      signingRequest({ request: other }),
      [`spec.request: Invalid value: ${JSON.stringify(other)}: ${noRequest}`],
    ],
  ),
  [
    "for unknown usages, twice",
    signingRequest({ usages: ["signing", "web", "", "signing"] }),
    [
      ...["web", ""].map(
        (usage, index) =>
          `spec.usages[${index + 1}]: Unsupported value: "${usage}": supported values: "any", ` +
          '"cert sign", "client auth", "code signing", "content commitment", "crl sign", ' +
          '"data encipherment", "decipher only", "digital signature", "email protection", ' +
          '"encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", ' +
          '"key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", ' +
          '"server auth", "signing", "timestamping"',
      ),
      'spec.usages[3]: Duplicate value: "signing"',
    ],
  ],
  ["by nobody", signingRequest({ signerName: null }), ["spec.signerName: Required value"]],
  [
    "by who signed all once",
    by("kubernetes.io/legacy-unknown"),
    [
      `${signer}: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this ` +
        "API version",
    ],
  ],
  ["by a name alone", by("my-signer"), [`${signer}: "my-signer": ${noForm}`]],
  ["by a path", by("a.com/b/c"), [`${signer}: "a.com/b/c": ${noForm}`]],
  [
    "by a name of wrong parts",
    by("Example/My.Signer"),
    [
      `${signer}: "Example": validating label "Example": ${notALabel}`,
      `${signer}: "Example": should be a domain with at least two segments separated by dots`,
      `${signer}: "My.Signer": validating label "My": ${notASubdomain}`,
    ],
  ],
  [
    "by nobody of somebody",
    by("example.com/"),
    [`${signer}: "": validating label "": ${notASubdomain}`],
  ],
  [
    "by a long name",
    by(`${longDomain}/${Array.from({ length: 160 }, () => "ab").join(".")}`),
    [
      "spec.signerName: Too long: may not be more than 253 bytes",
      "spec.signerName: Too long: may not be more than 571 bytes",
    ],
  ],
  [
    "for a moment",
    signingRequest({ expirationSeconds: 599 }),
    [
      "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 " +
        "seconds (10 minutes)",
    ],
  ],
];

test.each(bad)("a signing request %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const everything = signingRequest({
  request: pem("CERTIFICATE REQUEST", "MIIBAQ==\nMIIBAQ=="),
  signerName: "a-1.example.com/my.signer-1",
  expirationSeconds: 600,
  usages: ["digital signature", "key encipherment", "client auth", "server auth", "s/mime"],
  username: "alice",
  uid: "1",
  groups: ["system:authenticated"],
  extra: { "example.com/a": ["b"] },
});

test.each([
  ["of the least that there is", signingRequest()],
  ["of all that there is", everything],
  [
    "with text before it",
    signingRequest({
      request: Buffer.from(`Subject: me\n${Buffer.from(request, "base64")}`).toString("base64"),
    }),
  ],
  ["with a field of a newer version", signingRequest({ somethingNew: true })],
])("a signing request %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, everything)).toEqual([]);
});

test("what is asked for stays as it was created, and its labels change", () => {
  const created = signingRequest();
  expect(preparedSigningRequest(created)).toBe(created);
  const metadata = { name: "myuser", labels: { team: "a" } };
  const changed = { ...everything, metadata };
  expect(preparedSigningRequest(changed, created)).toEqual({ ...created, metadata });
});

test("the rules of signing requests never throw", () => {
  expectNeverThrows(rules, everything);
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(Array.isArray(errorsOf(rules, by(name)))).toBe(true);
    }),
  );
});
