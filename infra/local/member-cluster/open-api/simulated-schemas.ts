import { builtInKinds } from "../../../../shared/kube/built-in/built-in-kinds.ts";
import { builtInGroupVersions } from "../../../../shared/kube/built-in/group-versions.ts";
import { hashOf } from "../../../../shared/kube/openapi/open-api-v3.ts";
import { packSchemas, unpackSchemas } from "../../../../shared/kube/openapi/packed-schemas.ts";
import {
  groupVersionPath,
  type LearntSchemas,
  type SchemaSet,
} from "../../../../shared/kube/openapi/schema-set.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { type ClientModel, clientModel } from "./client-model.ts";
import { componentSchema, type Describing, plainSchemas } from "./component-schema.ts";
import { fieldTypeOf, modelOf } from "./field-type.ts";
import { mergeOverlay } from "./merge-overlay.ts";
import { modelOfKind, schemaNameOf } from "./schema-names.ts";

let made: LearntSchemas | undefined;

/**
 * The schemas of Kubernetes' own kinds that simulated clusters serve, as a real cluster does. They
 * are made from the models of `@kubernetes/client-node` when somebody first asks for them, once for
 * all clusters of the process.
 */
export function simulatedSchemas(): LearntSchemas {
  made ??= makeSchemas();
  return made;
}

function makeSchemas(): LearntSchemas {
  const models = modelCache();
  const core = lazy(() => reachable(modelsOfGroup("api/v1"), models));
  const overlay = lazy(() => mergeOverlay(mergeShapes(), models));
  return new Map(
    [...builtInGroupVersions().keys()].map((path) => {
      const nameOf = (model: string): string =>
        schemaNameOf(model, { path, isCore: (each) => core().has(each) });
      const make = () => schemasOf(path, models, { nameOf, overlay: overlay() });
      return [path, schemaSet(make, kindNames(path))];
    }),
  );
}

type Models = (name: string) => ClientModel | undefined;

function modelCache(): Models {
  const known = new Map<string, ClientModel | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, clientModel(name));
    return known.get(name);
  };
}

/** Nothing is read for these: whether a kind is core's stands in the path. */
function kindNames(path: string): Readonly<Record<string, string>> {
  const named = { path, isCore: () => path === "api/v1" };
  const kinds = builtInGroupVersions().get(path) ?? [];
  return Object.fromEntries(
    kinds.map((kind) => [kind, schemaNameOf(modelOfKind(path, kind), named)]),
  );
}

function schemaSet(make: () => JsonObject, kinds: SchemaSet["kinds"]): SchemaSet {
  const packed = lazy(() => {
    const schemas = make();
    return { schemas: packSchemas(schemas), hash: hashOf(schemas) };
  });
  return {
    get hash() {
      return packed().hash;
    },
    kinds,
    read: () => unpackSchemas(packed().schemas),
  };
}

function schemasOf(path: string, models: Models, describing: Describing): JsonObject {
  const kinds = gvksOf(path);
  const schemas = [...reachable(modelsOfGroup(path), models)].map((name) => {
    const model = models(name);
    const kind = kinds.get(name);
    return [
      describing.nameOf(name),
      {
        ...(model !== undefined && componentSchema(name, model, describing)),
        ...(kind !== undefined && { "x-kubernetes-group-version-kind": [kind] }),
      },
    ];
  });
  return { ...Object.fromEntries(schemas), ...plainSchemas };
}

/** The kinds of a group version and their lists, by their models. */
function gvksOf(path: string): ReadonlyMap<string, JsonObject> {
  const [root, ...rest] = path.split("/");
  const [group = "", version = ""] = root === "api" ? ["", ...rest] : rest;
  const kinds = builtInGroupVersions().get(path) ?? [];
  return new Map(
    kinds.flatMap((kind) => {
      const model = modelOfKind(path, kind);
      return [
        [model, { group, kind, version }],
        [modelOfKind(path, `${kind}List`), { group, kind: `${kind}List`, version }],
      ];
    }),
  );
}

const modelsOfGroup = (path: string): readonly string[] => [...gvksOf(path).keys()];

function reachable(roots: readonly string[], models: Models): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [...roots];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const model = models(name);
    if (found.has(name) || model === undefined) continue;
    found.add(name);
    for (const { type } of model.fields) {
      const below = modelOf(fieldTypeOf(type));
      if (below !== undefined) next.push(below);
    }
  }
  return found;
}

function mergeShapes() {
  return builtInKinds().flatMap(({ group, kind, versions }) =>
    versions.map(({ name, mergeShape = {} }) => {
      const model = modelOfKind(groupVersionPath(group, name), kind);
      return [model, mergeShape] as const;
    }),
  );
}

function lazy<Value>(make: () => Value): () => Value {
  let value: { readonly made: Value } | undefined;
  return () => {
    value ??= { made: make() };
    return value.made;
  };
}
