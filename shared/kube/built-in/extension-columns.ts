import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, fieldsOf, isObject, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, lengthColumn, textColumn } from "./basic-columns.ts";

/** Columns of what extends an API, as a kube-apiserver 1.34 has them. */

export const webhookColumns: readonly PrinterColumn[] = [
  {
    ...lengthColumn("Webhooks", "webhooks"),
    description: "Webhooks indicates the number of webhooks registered in this configuration",
  },
  ageColumn,
];

export const admissionPolicyColumns: readonly PrinterColumn[] = [
  {
    ...lengthColumn("Validations", "spec.validations"),
    description:
      "Validations indicates the number of validation rules defined in this configuration",
  },
  textColumn("ParamKind", paramKindText, {
    description: "ParamKind specifies the kind of resources used to parameterize this policy",
  }),
  ageColumn,
];

function paramKindText(object: KubeObject): string {
  const paramKind = at(object, "spec", "paramKind");
  if (!isObject(paramKind)) return "<unset>";
  return `${textOf(paramKind["apiVersion"]) ?? ""}/${textOf(paramKind["kind"]) ?? ""}`;
}

export const admissionBindingColumns: readonly PrinterColumn[] = [
  fieldColumn("PolicyName", "spec.policyName", {
    description: "PolicyName indicates the policy definition which the policy binding binded to",
  }),
  textColumn("ParamRef", paramRefText, {
    description: "ParamRef indicates the param resource which sets the configration param",
  }),
  ageColumn,
];

/** "shop/limits"; without a namespace, that of each object: "*" and the name. */
function paramRefText(object: KubeObject): string {
  const { namespace, name, selector } = objectOf(at(object, "spec", "paramRef"));
  const [within, named] = [textOf(namespace) ?? "", textOf(name) ?? ""];
  if (named !== "") return `${within === "" ? "*" : within}/${named}`;
  return isObject(selector) ? goSelectorText(selector) : "<unset>";
}

/** As Go prints a selector: `&LabelSelector{MatchLabels:map[string]string{app: web,},...}`. */
function goSelectorText({ matchLabels, matchExpressions }: JsonObject): string {
  const labels = fieldsOf(objectOf(matchLabels)).map(
    ([key, value]) => `${key}: ${printed(value)},`,
  );
  const expressions = arrayOf(matchExpressions)
    .map(objectOf)
    .map(({ key, operator, values }) => {
      const list = arrayOf(values).map(printed).join(" ");
      const fields = `Key:${printed(key)},Operator:${printed(operator)},Values:[${list}],`;
      return `LabelSelectorRequirement{${fields}},`;
    });
  return (
    `&LabelSelector{MatchLabels:map[string]string{${labels.toSorted().join("")}},` +
    `MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`
  );
}

export const apiServiceColumns: readonly PrinterColumn[] = [
  textColumn("Service", (object) => {
    const { namespace, name } = objectOf(at(object, "spec", "service"));
    return name === undefined ? "Local" : `${textOf(namespace) ?? ""}/${textOf(name) ?? ""}`;
  }),
  textColumn("Available", (object) => availability(at(object, "status", "conditions"))),
  ageColumn,
];

function availability(conditions: Json | undefined): string {
  const found = arrayOf(conditions)
    .map(objectOf)
    .find(({ type }) => type === "Available");
  const status = textOf(found?.["status"]) ?? "Unknown";
  const reason = textOf(found?.["reason"]) ?? "";
  return status === "True" || reason === "" ? status : `${status} (${reason})`;
}
