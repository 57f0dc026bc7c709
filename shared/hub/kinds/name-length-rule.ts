import type { ValidationRule } from "../../kube/served-kind.ts";

/**
 * The rule of all kinds in networking.fleet.azure.com: a name becomes the value of a label, which
 * Kubernetes allows 63 characters.
 */
export const nameLengthRule: ValidationRule = {
  rule: "size(self.metadata.name) < 64",
  message: "metadata.name max length is 63",
};
