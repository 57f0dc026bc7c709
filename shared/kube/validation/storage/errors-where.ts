import type { FieldError } from "../../served-kind.ts";

/** The errors of those claims that hold. */
export function errorsWhere(
  ...claims: readonly (readonly [isWrong: boolean, error: FieldError])[]
): readonly FieldError[] {
  return claims.filter(([isWrong]) => isWrong).map(([, error]) => error);
}
