import type { z } from "zod";
import { badRequest } from "../arm-error.ts";
import type { ArmRequest } from "../request.ts";

/** The body of a request in the shape that its type asks for. @throws ArmError 400 */
export function parseBody<Shape extends z.ZodType>(
  request: ArmRequest,
  shape: Shape,
): z.infer<Shape> {
  const parsed = shape.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw badRequest(
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${field}': ${issue?.message}.`,
    field,
  );
}
