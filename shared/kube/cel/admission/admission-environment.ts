import { newEnvironment } from "../cel-environment.ts";
import type { CelEnvironment } from "../cel-node.ts";
import {
  admissionTypes,
  authorizerFunctions,
  authorizerTypes,
  variablesType,
} from "./admission-types.ts";

/** What an expression can name beside "object", "oldObject", "request" and "namespaceObject". */
export interface Declared {
  /** "params": only where there are parameters. */
  readonly hasParams: boolean;
  /** "authorizer": a message has none. */
  readonly hasAuthorizer: boolean;
  /** "variables", whose fields are told in `prepare-variables.ts`. */
  readonly hasVariables: boolean;
}

const environments = new Map<string, CelEnvironment>();

/**
 * The environment of expressions of admission, which are checked, and never run here. Each is made
 * when it is first asked for.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function admissionEnvironment(declared: Declared): CelEnvironment {
  const { hasParams, hasAuthorizer, hasVariables } = declared;
  const key = [hasParams, hasAuthorizer, hasVariables].join();
  const known = environments.get(key);
  if (known !== undefined) return known;
  const environment = base().clone();
  if (hasParams) environment.registerVariable("params", "dyn");
  if (hasAuthorizer) {
    environment.registerVariable("authorizer", "kubernetes.authorization.Authorizer");
  }
  if (hasVariables) environment.registerVariable("variables", variablesType);
  environments.set(key, environment);
  return environment;
}

let common: CelEnvironment | undefined;

function base(): CelEnvironment {
  common ??= commonEnvironment();
  return common;
}

/** Functions of authorization are known also where there is no authorizer. */
function commonEnvironment(): CelEnvironment {
  const environment = newEnvironment();
  for (const [name, fields] of Object.entries({ ...admissionTypes, ...authorizerTypes })) {
    environment.registerType(name, { ctor: class {}, fields });
  }
  environment.registerType(variablesType, { ctor: class {} });
  for (const signature of authorizerFunctions) {
    environment.registerFunction(signature, neverRuns, { async: false });
  }
  environment.registerVariable("object", "dyn");
  environment.registerVariable("oldObject", "dyn");
  environment.registerVariable("request", "kubernetes.AdmissionRequest");
  environment.registerVariable("namespaceObject", "kubernetes.Namespace");
  return environment;
}

function neverRuns(): never {
  throw new TypeError("Cannot run a function of admission: its expressions are only checked");
}
