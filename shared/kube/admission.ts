import type { KubeObject, ServedKind } from "./served-kind.ts";

/** What is about to be written, and where. */
export interface AdmissionAttributes {
  /** An apply that makes the object is a "create"; each patch, scale and status is an "update". */
  readonly operation: "create" | "update" | "delete";
  readonly kind: ServedKind;
  /** Left out for cluster-scoped kinds. */
  readonly namespace?: string;
  readonly name: string;
  /** "status", "scale", "finalize" */
  readonly subresource?: string;
  /** Nothing will be kept; the answer must be as if it were. */
  readonly dryRun: boolean;
}

/**
 * Refuses a write by throwing a `StatusError`; what returns is admitted. It is asked by each write
 * of a client, dry runs too, once the object is complete (defaults are set, it is valid) and before
 * anything is kept. A write that is overtaken is made, and so admitted, again.
 *
 * Both objects are in the stored form: `object` is left out on delete, `before` on create.
 */
export type Admission = (
  attributes: AdmissionAttributes,
  object: KubeObject | undefined,
  before: KubeObject | undefined,
) => void | Promise<void>;

/** Asks one after the other; the first refusal counts. */
export function admissionOf(...parts: readonly Admission[]): Admission {
  return async (attributes, object, before) => {
    for (const part of parts) await part(attributes, object, before);
  };
}
