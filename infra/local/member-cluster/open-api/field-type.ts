/** The type of a model's field, taken apart. */
export type FieldType =
  | { readonly kind: "plain"; readonly name: string }
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "list"; readonly of: FieldType }
  | { readonly kind: "map"; readonly of: FieldType };

/** "Array<V1Container>" is a list of the model "V1Container". */
export function fieldTypeOf(type: string): FieldType {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) return { kind: "list", of: fieldTypeOf(list) };
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined) return { kind: "map", of: fieldTypeOf(map) };
  const isModel = /^([A-Z][a-z]+)?V\d/.test(type) && type !== "V1MicroTime";
  return { kind: isModel ? "model" : "plain", name: type };
}

/** The model that a field holds, one or many. */
export function modelOf(type: FieldType): string | undefined {
  if (type.kind === "model") return type.name;
  return type.kind === "plain" ? undefined : modelOf(type.of);
}
