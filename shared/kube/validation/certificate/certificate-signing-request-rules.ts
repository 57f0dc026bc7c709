import { invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import type { KubeObject } from "../../served-kind.ts";
import { eachTextOnce } from "../each-once.ts";
import {
  all,
  each,
  fields,
  number,
  type ObjectRule,
  objectRule,
  type Rule,
  required,
  struct,
} from "../rule.ts";
import { strictlyOneOf } from "../zero-values.ts";
import { signerNameRule } from "./signer-name-rule.ts";
import { keptVerdicts, signingRequestConditions } from "./signing-request-conditions.ts";

const expirationSecondsMin = 600;
const legacySigner = "kubernetes.io/legacy-unknown";

/** As they are told, in order. */
const usageNames = [
  ...["any", "cert sign", "client auth", "code signing", "content commitment", "crl sign"],
  ...["data encipherment", "decipher only", "digital signature", "email protection"],
  ...["encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement"],
  ...["key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime"],
  ...["server auth", "signing", "timestamping"],
];

/** What is inside of the PEM block is left to the cluster that signs it. */
const request: Rule = (value = null, path) => {
  if (value !== null && !isString(value)) return [];
  const pem = Buffer.from(value ?? "", "base64").toString("latin1");
  const start = pem.indexOf("-----BEGIN CERTIFICATE REQUEST-----");
  const isThere = start !== -1 && pem.includes("-----END CERTIFICATE REQUEST-----", start);
  return isThere ? [] : [invalidValue(path, value, "PEM block type must be CERTIFICATE REQUEST")];
};

const usages: Rule = required(all(each(strictlyOneOf(...usageNames)), eachTextOnce()));

const signerName: Rule = (value, path) => {
  const because = "the legacy signerName is not allowed via this API version";
  return value === legacySigner
    ? [invalidValue(path, value, because)]
    : signerNameRule(value, path);
};

const expirationSeconds = number((value) =>
  value >= expirationSecondsMin
    ? []
    : ["may not specify a duration less than 600 seconds (10 minutes)"],
);

/**
 * What a CertificateSigningRequest must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
export const certificateSigningRequestRules: ObjectRule = objectRule(
  struct({
    spec: struct({ request, usages, signerName, expirationSeconds }),
    status: fields({ conditions: signingRequestConditions }),
  }),
  keptVerdicts,
);

/**
 * The request as it is stored: what is asked for stays as it was. A kube-apiserver does not refuse
 * an update of it, but leaves it out.
 */
export function preparedSigningRequest(object: KubeObject, before?: KubeObject): KubeObject {
  return before?.["spec"] === undefined ? object : { ...object, spec: before["spec"] };
}
