/**
 * What KubeFleet's placements can say and ours cannot do yet. It is refused by name: a rollout that
 * quietly ignores a field is worse than one that does not start.
 */
import { forbiddenField } from "../../kube/field-errors.ts";
import { arrayOf, at, isArray } from "../../kube/json.ts";
import type { FieldError, KubeObject } from "../../kube/served-kind.ts";
import type { Json } from "../../lib/kube-object.ts";

/** Fields of which only one value is supported: that which a placement has without them. */
const fixed: readonly (readonly [path: string, only: Json])[] = [
  ["spec.strategy.type", "RollingUpdate"],
  ["spec.strategy.applyStrategy.comparisonOption", "PartialComparison"],
  ["spec.strategy.applyStrategy.whenToApply", "Always"],
  ["spec.strategy.applyStrategy.whenToTakeOver", "Always"],
  ["spec.strategy.applyStrategy.allowCoOwnership", false],
  ["spec.strategy.deleteStrategy.propagationPolicy", "Delete"],
  ["spec.strategy.reportBackStrategy.type", "Disabled"],
  ["spec.statusReportingScope", "ClusterScopeOnly"],
];

const affinity = "spec.policy.affinity.clusterAffinity";
const required = `${affinity}.requiredDuringSchedulingIgnoredDuringExecution.clusterSelectorTerms`;
const preferred = `${affinity}.preferredDuringSchedulingIgnoredDuringExecution`;

export function unsupportedFields(object: KubeObject): readonly FieldError[] {
  const found = (path: string) => at(object, ...path.split("."));
  const selectors = arrayOf(found("spec.resourceSelectors"));
  const spread = found("spec.policy.topologySpreadConstraints");
  return [
    ...fixed
      .filter(([path, only]) => found(path) !== undefined && found(path) !== only)
      .map(([path, only]) => forbiddenField(path, `only ${JSON.stringify(only)} is supported`)),
    ...selectors.flatMap((each, index) =>
      at(each, "selectionScope") === "NamespaceWithResourceSelectors"
        ? [unsupported(`spec.resourceSelectors[${index}].selectionScope`, "a part of a namespace")]
        : [],
    ),
    ...(isArray(spread) && spread.length > 0
      ? [unsupported("spec.policy.topologySpreadConstraints", "spreading by topology")]
      : []),
    ...applyTypeErrors(object),
    ...arrayOf(found(required)).flatMap((term, index) => termErrors(term, `${required}[${index}]`)),
    ...arrayOf(found(preferred)).flatMap((each, index) =>
      termErrors(at(each, "preference"), `${preferred}[${index}].preference`),
    ),
  ];
}

const unsupported = (path: string, what: string): FieldError =>
  forbiddenField(path, `${what} is not supported`);

/** Objects are always applied on the server and always win: what both types do with `force`. */
function applyTypeErrors(object: KubeObject): readonly FieldError[] {
  const path = "spec.strategy.applyStrategy";
  const strategy = at(object, ...path.split("."));
  const type = at(strategy, "type");
  if (type === "ReportDiff") return [unsupported(`${path}.type`, "reporting differences only")];
  const isForced = at(strategy, "serverSideApplyConfig", "force") === true;
  return type === "ServerSideApply" && !isForced
    ? [forbiddenField(`${path}.serverSideApplyConfig.force`, "only true is supported")]
    : [];
}

function termErrors(term: Json | undefined, path: string): readonly FieldError[] {
  return ["propertySelector", "propertySorter"]
    .filter((name) => at(term, name) !== undefined)
    .map((name) => unsupported(`${path}.${name}`, "choosing clusters by their properties"));
}
