import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { isObject, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { nothing, type Rule, required, struct, text } from "../rule.ts";
import { serviceReferencePort } from "./service-reference-port.ts";

const form = "; desired format: https://host[/path]";

/** Scheme, authority, path, query and fragment of a URL, as RFC 3986 cuts it. */
const urlParts =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;

/** What is wrong with the URL of a webhook; of a wrong one, each part is told. */
function urlErrors(url: string, path: string): readonly FieldError[] {
  const [, scheme = "", authority = "", query = "", fragment = ""] = urlParts.exec(url) ?? [];
  const userEnd = authority.lastIndexOf("@");
  const host = authority.slice(userEnd + 1);
  const wrong = (isWrong: boolean, part: string, because: string): readonly FieldError[] =>
    isWrong ? [invalidValue(path, part, because)] : [];
  const lowerScheme = scheme.toLowerCase();
  return [
    ...wrong(lowerScheme !== "https", lowerScheme, `'https' is the only allowed URL scheme${form}`),
    ...wrong(host === "", host, `host must be specified${form}`),
    ...wrong(
      userEnd >= 0,
      authority.slice(0, Math.max(userEnd, 0)),
      "user information is not permitted in the URL",
    ),
    ...wrong(fragment !== "", fragment, "fragments are not permitted in the URL"),
    ...wrong(query !== "", query, "query parameters are not permitted in the URL"),
  ];
}

/** Each step that is told repeats the path, so not all of a long one are. */
const stepsToldMax = 10;

/** "/validate/pods": each step is a name. */
const servicePath: Rule = text((value) => {
  if (value === "/") return [];
  if (value === "//") return ["segment[0] may not be empty"];
  const steps = value.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(value.startsWith("/") ? [] : ["must start with a '/'"]),
    ...steps.flatMap(stepErrors).slice(0, stepsToldMax),
  ];
});

function stepErrors(step: string, index: number): readonly string[] {
  if (step === "") return [`segment[${index}] may not be empty`];
  return nameErrors("dns-subdomain", step).map((because) => `segment[${index}]: ${because}`);
}

const serviceRule: Rule = struct({
  name: required(nothing, "service name is required"),
  namespace: required(nothing, "service namespace is required"),
  port: serviceReferencePort,
  path: servicePath,
});

/**
 * How a webhook is called: at a URL, or in a service of the cluster.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const webhookClientRule: Rule = (value: Json = {}, path) => {
  if (!isObject(value)) return [];
  const { url, service } = value;
  if ((url === undefined) === (service === undefined)) {
    return [requiredValue(path, "exactly one of url or service is required")];
  }
  if (isString(url)) return urlErrors(url, `${path}.url`);
  return service === undefined ? [] : serviceRule(service, `${path}.service`);
};
