/** The hub's objects that are deleted only when what belongs to them is gone. */
import { kind } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";

export const namespaceKind = kind<KubeBody>("namespaces");
export const definitionKind = kind<KubeBody>("apiextensions.k8s.io/customresourcedefinitions");
