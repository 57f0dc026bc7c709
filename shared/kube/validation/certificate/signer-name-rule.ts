import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError, NameRule } from "../../served-kind.ts";
import type { Rule } from "../rule.ts";
import { textOrEmpty } from "../zero-values.ts";

const domainBytesMax = 253;
/** A domain, a slash, a namespace, a dot and a name. */
const bytesMax = domainBytesMax + 1 + 63 + 1 + 253;

/**
 * Who signs a certificate: "example.com/my-signer".
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
export const signerNameRule: Rule = (value, path) => {
  const name = textOrEmpty(value);
  if (name === undefined) return [];
  if (name === "") return [requiredValue(path)];
  const [domain = "", rest = "", ...more] = name.split("/");
  if (!name.includes("/") || more.length > 0) {
    const because =
      "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalidValue(path, name, because)];
  }
  const short = "should be a domain with at least two segments separated by dots";
  return [
    ...(Buffer.byteLength(domain) > domainBytesMax ? [tooLong(path, domainBytesMax)] : []),
    ...segmentErrors("dns-label", domain, path),
    ...(domain.includes(".") ? [] : [invalidValue(path, domain, short)]),
    ...segmentErrors("dns-subdomain", rest, path),
    ...(Buffer.byteLength(name) > bytesMax ? [tooLong(path, bytesMax)] : []),
  ];
};

/** Of the first segment that is wrong. */
function segmentErrors(rule: NameRule, text: string, path: string): readonly FieldError[] {
  for (const segment of text.split(".")) {
    const errors = nameErrors(rule, segment);
    if (errors.length === 0) continue;
    const start = `validating label ${JSON.stringify(segment)}: `;
    return errors.map((because) => invalidValue(path, text, `${start}${because}`));
  }
  return [];
}
