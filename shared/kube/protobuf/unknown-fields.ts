import { readFields, type WireField } from "./wire.ts";

/** So many fields are told, each once; a body can have a million. */
const toldMax = 100;

/** A message in a message in a message: no field that is not set is nested deeper. */
const emptyDepthMax = 10;

/** What is skipped of a body, because no table has it. */
export interface UnknownFields {
  /**
   * Skips a field as a kube-apiserver does. Clients of other versions write fields that are not
   * set, too: client-go before 0.25 sends `metadata.clusterName` with every object. These are not
   * told.
   */
  readonly skip: (type: string, field: WireField) => void;
  /** Each field with a value once: `unknown protobuf field 41 of message "PodSpec"`. */
  readonly warnings: () => readonly string[];
}

export function unknownFields(): UnknownFields {
  const told = new Set<string>();
  return {
    skip: (type, field) => {
      const text = `unknown protobuf field ${field.field} of message ${JSON.stringify(type)}`;
      if (told.size < toldMax && !told.has(text) && !isEmpty(field)) told.add(text);
    },
    warnings: () => [...told],
  };
}

/** Zero, nothing, or a message of such fields: what Go writes of a value that is not set. */
function isEmpty({ value, wireType }: WireField, depth = 0): boolean {
  if (typeof value === "bigint") return value === 0n;
  if (wireType !== 2) return value.every((byte) => byte === 0);
  if (value.length === 0) return true;
  if (depth >= emptyDepthMax) return false;
  try {
    for (const inner of readFields(value)) if (!isEmpty(inner, depth + 1)) return false;
    return true;
  } catch (error) {
    // Text, and no message.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
