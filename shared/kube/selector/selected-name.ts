import { wrongName } from "../object/name-rules.ts";
import { splitClauses, unescaped } from "./field-selector.ts";

/**
 * The one name that a field selector leaves, "web" for "metadata.name=web,a!=b": a list or a watch
 * with it is allowed to those who may list or watch the object of that name.
 */
export function selectedName(selector: string | null): string | undefined {
  for (const clause of splitClauses(selector ?? "")) {
    const [, value] = /^metadata\.name==?([^=].*)$/s.exec(clause) ?? [];
    if (value === undefined) continue;
    const name = unescaped(value);
    if (wrongName("path-segment", name) === undefined) return name;
  }
  return undefined;
}
