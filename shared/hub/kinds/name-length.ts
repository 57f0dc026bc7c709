import type { FieldError, KubeObject } from "../../kube/served-kind.ts";

/** A name becomes the value of a label, which Kubernetes allows 63 characters. */
const nameCharactersMax = 63;

/** The rule of all kinds in networking.fleet.azure.com: `size(self.metadata.name) < 64`. */
export function nameLengthErrors({ metadata }: KubeObject): readonly FieldError[] {
  const { name } = metadata;
  if (typeof name !== "string" || name.length <= nameCharactersMax) return [];
  return [
    {
      field: "metadata.name",
      reason: "FieldValueInvalid",
      message: `Invalid value: "${name}": metadata.name max length is ${nameCharactersMax}`,
    },
  ];
}
