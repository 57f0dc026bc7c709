import type { Document, Revision } from "../../lib/document.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import { definitionKind } from "../definitions/definition-kind.ts";
import { documentKind, type ServedKind } from "../served-kind.ts";

const definitions = documentKind("apiextensions.k8s.io", "customresourcedefinitions");

/**
 * Whether a change is the end of what a custom kind was: its definition is gone, or is another now.
 * Who watches the kind is ended then, as by a kube-apiserver, and asks again by what holds now.
 * What was gone by `openedAt`, when the watch was opened, was another definition of the name.
 */
export function endsKind(document: Document, kind: ServedKind, openedAt: Revision): boolean {
  const { key, deletedAt, revision } = document;
  if (kind.isCustom !== true || key.kind !== definitions) return false;
  if (key.name !== `${kind.plural}.${kind.group}`) return false;
  if (deletedAt !== undefined) return revision > openedAt;
  // Others' bodies are not looked at: a sealed one cannot always be opened.
  return definitionKind(document.body as JsonObject) !== kind;
}
