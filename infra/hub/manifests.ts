/** The files that are made of the schemas of the hub's kinds: `npm run manifests` writes them. */
import { dump } from "js-yaml";
import { serviceExport } from "../../shared/hub/kinds/service-export.ts";
import { ownKinds } from "../../shared/hub/kinds.ts";
import type { ServedKind } from "../../shared/kube/served-kind.ts";
import { apiReference } from "./api-reference.ts";
import { definitionOf } from "./definition-of.ts";

/** Where each file stands, from the root of the project, and what it holds. */
export function manifests(): ReadonlyMap<string, string> {
  const definitions = ownKinds.map((kind): [string, string] => [
    `infra/hub/crds/${kind.plural}.${kind.group}.yaml`,
    yamlOf(kind, "The hub serves this kind itself: this is for editors and linters."),
  ]);
  return new Map([
    ...definitions,
    ["infra/hub/README.md", apiReference(ownKinds)],
    [
      "infra/member/crds.yaml",
      yamlOf(
        serviceExport,
        "What a member cluster must know so that people can export Services from it:",
        "kubectl apply -f infra/member/crds.yaml",
      ),
    ],
  ]);
}

function yamlOf(kind: ServedKind, ...comments: readonly string[]): string {
  const header = [...comments, "Made of shared/hub/kinds by `npm run manifests`."];
  const text = dump(definitionOf(kind), { noRefs: true, lineWidth: 100 });
  return `${header.map((line) => `# ${line}\n`).join("")}${text}`;
}
