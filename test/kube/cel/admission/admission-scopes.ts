import { admissionEnvironment } from "../../../../shared/kube/cel/admission/admission-environment.ts";
import {
  checkExpression,
  type Scope,
} from "../../../../shared/kube/cel/admission/check-expression.ts";
import { resultError } from "../../../../shared/kube/cel/admission/result-error.ts";

/** All that an expression of admission can name, and some variables. */
export const everything: Scope = {
  environment: admissionEnvironment({
    hasParams: true,
    hasAuthorizer: true,
    hasVariables: true,
  }),
  variables: new Map([
    ["replicas", "int"],
    ["isExempt", "bool"],
    ["environment", "string"],
    ["containers", "dyn"],
    ["images", "list<string>"],
  ]),
};

/** What conditions of a webhook can name. */
export const conditions: Scope = {
  environment: admissionEnvironment({
    hasParams: false,
    hasAuthorizer: true,
    hasVariables: false,
  }),
  variables: new Map(),
};

/** What a kube-apiserver says of an expression; undefined when it takes it. */
export function refusal(text: string, result = "bool", scope = everything): string | undefined {
  const checked = checkExpression(text, scope);
  return checked.kind === "refused" ? checked.because : resultError(checked, [result]);
}
