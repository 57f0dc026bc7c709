import type { JsonObject } from "../../lib/kube-object.ts";
import { withoutNullFields } from "../schema/prune.ts";
import type { OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import { decodeKnown, UnmarshalError } from "./decode-known.ts";

/** The content of an object (all but its header) of a kind of which the structure was learnt. */
export interface LearntContent {
  readonly kind: ServedKind;
  readonly version: ServedVersion;
  readonly content: JsonObject;
  /** As it is stored; left out on create. */
  readonly before?: JsonObject | undefined;
}

/**
 * The content without fields that the structure does not know, whose paths are added to `unknown`.
 * Throws 400 for values of a wrong type.
 *
 * What was stored before the structure was learnt is in nobody's way: its unknown fields go without
 * a word, its wrong values stay until somebody sets them right.
 */
export function knownContent(
  { kind, version, content, before }: LearntContent,
  structure: OpenApiSchema,
  unknown: string[],
): JsonObject {
  const decoded = decode(content, structure);
  const isFine = decoded.wrong === undefined && decoded.unknown.length === 0;
  const stored = isFine || before === undefined ? undefined : decode(before, structure);
  const known = new Set(stored?.unknown);
  for (const path of decoded.unknown) if (!known.has(path)) unknown.push(path);
  if (decoded.wrong === undefined) return decoded.object;
  if (stored?.wrong === decoded.wrong) return withoutNullFields(content);
  throw badRequest(
    `${kind.kind} in version "${version.name}" cannot be handled as a ${kind.kind}: ` +
      decoded.wrong,
  );
}

interface Decoded {
  readonly object: JsonObject;
  readonly unknown: readonly string[];
  /** What is wrong with the first value of a wrong type. */
  readonly wrong?: string;
}

function decode(content: JsonObject, structure: OpenApiSchema): Decoded {
  const unknown: string[] = [];
  try {
    return { object: decodeKnown(content, structure, unknown), unknown };
  } catch (error) {
    if (!(error instanceof UnmarshalError)) throw error;
    return { object: content, unknown, wrong: error.message };
  }
}
