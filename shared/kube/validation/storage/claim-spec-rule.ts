import { invalidValue } from "../../field-errors.ts";
import { at, textOf } from "../../json.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { positiveQuantity } from "../quantity-rules.ts";
import { all, fields, type Rule, required, whole } from "../rule.ts";
import { dnsLabel, dnsSubdomain } from "../text-rules.ts";
import { isThere } from "../zero-values.ts";
import { accessModes } from "./access-modes.ts";
import { volumeMode } from "./volume-mode.ts";

/** The size, told at the path of the resources: "spec.resources[storage]". */
const size: Rule = whole((value, path) =>
  required(positiveQuantity("must be greater than zero"))(
    at(value, "resources", "requests", "storage"),
    `${path}.resources[storage]`,
  ),
);

/** What a volume is filled from: a claim, a snapshot, or an object of any group. */
const source: Rule = all(
  fields({ name: required(), kind: required() }),
  whole((value, path) => {
    const kind = textOf(value["kind"]) ?? "";
    if (textOf(value["apiGroup"]) || kind === "PersistentVolumeClaim") return [];
    const because = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    return [invalidValue(path, kind, because)];
  }),
  fields({ apiGroup: dnsSubdomain, namespace: dnsLabel }),
);

/** The older field is told of what it can name only; the newer one takes precedence. */
const oneDataSource: Rule = whole((value, path) => {
  if (!isThere(value, "dataSource") || !isThere(value, "dataSourceRef")) return [];
  const [older, newer] = [value["dataSource"], value["dataSourceRef"]];
  const differs = (because: string): ReturnType<Rule> => [invalidValue(path, {}, because)];
  if (textOf(at(newer, "namespace"))) {
    return differs("may not be specified when dataSourceRef.namespace is specified");
  }
  const isSame = ["apiGroup", "kind", "name"].every(
    (field) => (textOf(at(older, field)) ?? "") === (textOf(at(newer, field)) ?? ""),
  );
  return isSame ? [] : differs("must match dataSourceRef");
});

const spec: Rule = all(
  fields({ accessModes: required(undefined, "at least 1 access mode is required") }),
  (value, path) => labelSelectorErrors(at(value, "selector"), `${path}.selector`),
  fields({ accessModes }),
  size,
  fields({
    storageClassName: dnsSubdomain,
    volumeMode,
    dataSource: source,
    dataSourceRef: source,
  }),
  oneDataSource,
  fields({ volumeAttributesClassName: dnsSubdomain }),
);

/**
 * The `core/v1 PersistentVolumeClaimSpec` of a claim or of an ephemeral volume's template: "spec".
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 */
export const claimSpecRule: Rule = (value, path) => spec(value ?? {}, path);
