import { number, type Rule } from "../rule.ts";

/** The port of a service that the server calls, 443 when it is absent. */
export const serviceReferencePort: Rule = number((value) =>
  value >= 1 && value <= 65_535
    ? []
    : ["port is not valid: must be between 1 and 65535, inclusive"],
);
