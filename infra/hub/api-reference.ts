import type { OpenApiSchema, ServedKind, ServedVersion } from "../../shared/kube/served-kind.ts";

/** The reference of the kinds, as Markdown: what `kubectl explain` tells, on one page. */
export function apiReference(kinds: readonly ServedKind[]): string {
  return [
    "# The kinds of a fleet",
    "",
    "What a fleet's hub serves besides Kubernetes' own kinds, as `kubectl explain` tells it. This",
    "page and the manifests in `crds/` are made of the schemas in `shared/hub/kinds/` by",
    "`npm run manifests`.",
    "",
    "| kind | group | versions | short | scope | what it is |",
    "|---|---|---|---|---|---|",
    ...kinds.map(summaryOf),
    ...kinds.flatMap(sectionOf),
    "",
  ].join("\n");
}

function summaryOf(kind: ServedKind): string {
  const [version] = kind.versions;
  const cells = [
    `[${kind.kind}](#${anchorOf(kind)})`,
    kind.group,
    kind.versions.map(({ name }) => name).join(", "),
    (kind.shortNames ?? []).join(", "),
    kind.namespaced ? "namespace" : "fleet",
    version?.schema?.description ?? "",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Two groups may have a kind of one name, so its group is part of the heading. */
function headingOf({ kind, group }: ServedKind): string {
  return `${kind}.${group}`;
}

/** As GitHub makes it of a heading. */
function anchorOf(kind: ServedKind): string {
  return headingOf(kind).toLowerCase().replaceAll(".", "");
}

function sectionOf(kind: ServedKind): readonly string[] {
  const [version] = kind.versions;
  if (version?.schema === undefined) return [];
  const readOnly = kind.readOnly === true ? ["To be read; clients cannot write it.", ""] : [];
  return [
    "",
    `## ${headingOf(kind)}`,
    "",
    version.schema.description ?? "",
    "",
    ...readOnly,
    ...fieldTable(version),
  ];
}

function fieldTable({ schema }: ServedVersion): readonly string[] {
  if (schema === undefined) return [];
  return ["| field | type | what it is |", "|---|---|---|", ...rowsOf(schema, "")];
}

function rowsOf(schema: OpenApiSchema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isRequired = schema.required?.includes(name) === true;
    const path = `${prefix}${name}`;
    const row = `| \`${path}\` | ${typeOf(field)} | ${textOf(field, isRequired)} |`;
    return [row, ...rowsOf(field, `${path}.`), ...rowsOf(field.items ?? {}, `${path}[].`)];
  });
}

function typeOf({ type, items, additionalProperties, ...schema }: OpenApiSchema): string {
  if (schema["x-kubernetes-int-or-string"] === true) return "integer or string";
  if (type === "array") return `list of ${items?.type ?? "any"}`;
  if (typeof additionalProperties === "object") return `map of ${additionalProperties.type}`;
  return type ?? "any";
}

function textOf(schema: OpenApiSchema, isRequired: boolean): string {
  const { description = "", minimum, maximum, maxItems, maxLength } = schema;
  const facts = [
    ...(isRequired ? ["Required."] : []),
    ...(schema.enum === undefined ? [] : [`One of ${schema.enum.map(code).join(", ")}.`]),
    ...(minimum === undefined ? [] : [`At least ${minimum}.`]),
    ...(maximum === undefined ? [] : [`At most ${maximum}.`]),
    ...(maxItems === undefined ? [] : [`At most ${maxItems} items.`]),
    ...(maxLength === undefined ? [] : [`At most ${maxLength} characters.`]),
    ...(schema.default === undefined ? [] : [`Default ${code(JSON.stringify(schema.default))}.`]),
  ];
  return [description, ...facts].join(" ").replaceAll("|", "\\|");
}

const code = (value: unknown): string => `\`${String(value)}\``;
