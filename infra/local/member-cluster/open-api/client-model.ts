import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A field of a model: "replicas" of "V1DeploymentSpec". */
export interface ClientField {
  /** As it stands in JSON. */
  readonly name: string;
  /** "string", "Array<V1Container>", "{ [key: string]: string; }", "V1PodSpec" */
  readonly type: string;
  /** "int32", "date-time"; "" for none. */
  readonly format: string;
  readonly isRequired: boolean;
  readonly description?: string;
}

export interface ClientModel {
  readonly description?: string;
  readonly fields: readonly ClientField[];
}

const folder = new URL("gen/models/", import.meta.resolve("@kubernetes/client-node"));

/**
 * One of the models that `@kubernetes/client-node` generates from Kubernetes' own OpenAPI document:
 * names and types stand in its JavaScript, descriptions and what is required in its types. They are
 * read as text: loading the classes takes longer. Undefined when there is no such model.
 */
export function clientModel(name: string): ClientModel | undefined {
  const code = readIfThere(`${name}.js`);
  const types = readIfThere(`${name}.d.ts`);
  const map = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(code ?? "")?.[1];
  if (types === undefined || map === undefined) return undefined;
  const declared = new Map(declarations(types));
  const attributes = JSON.parse(map) as readonly Attribute[];
  const [, text] = /\n\/\*\*\n\* (.*)\n\*\/\nexport declare class/.exec(types) ?? [];
  return {
    ...(text !== undefined && { description: unescaped(text) }),
    fields: attributes.map(({ name: property, baseName, type, format }) => ({
      name: baseName,
      type,
      format,
      isRequired: false,
      ...declared.get(property),
    })),
  };
}

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** `    /**\n    * Text\n    *\/\n    'name'?: Type;` */
const declaration = /(?:\/\*\*\n +\* (.*)\n +\*\/\n +)?'([^'\n]+)'(\?)?: /g;

function declarations(types: string): [string, Pick<ClientField, "isRequired" | "description">][] {
  return [...types.matchAll(declaration)].map(([, text, name = "", optional]) => [
    name,
    {
      isRequired: optional === undefined,
      ...(text !== undefined && { description: unescaped(text) }),
    },
  ]);
}

/** The generator escapes quotes in comments. */
const unescaped = (text: string): string => text.replaceAll(/\\(["'])/g, "$1");

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(new URL(file, folder)), "utf8");
  } catch {
    return undefined;
  }
}
