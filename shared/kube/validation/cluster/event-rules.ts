import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at, isString, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import type { ObjectRule } from "../rule.ts";

const charactersMax = 128;
const messageCharactersMax = 1_024;

/** What has no namespace of its own has its events here. */
const clusterNamespaces = ["default", "kube-system"];

/**
 * What an Event of the core group must be. Those with an `eventTime` are events as `events.k8s.io`
 * has them, of which more is asked.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export const eventRules: ObjectRule = eventRulesOf("reportingComponent");

/** The event is as the core group keeps it; only the reporter is told by its name in a group. */
export function eventRulesOf(controllerField: string): ObjectRule {
  return (event) =>
    isString(event["eventTime"]) ? newEventErrors(event, controllerField) : oldEventErrors(event);
}

function oldEventErrors(event: KubeObject): readonly FieldError[] {
  const { namespace } = event.metadata;
  const involved = involvedNamespace(event);
  if (!isString(namespace) || involved === namespace) return [];
  // Clients of old say nothing of where the involved object is.
  return involved === "" && namespace === "default" ? [] : [wrongNamespace(involved)];
}

function newEventErrors(event: KubeObject, controllerField: string): readonly FieldError[] {
  const { namespace } = event.metadata;
  const involved = involvedNamespace(event);
  const isLost = involved === "" && isString(namespace) && !clusterNamespaces.includes(namespace);
  return [
    ...(isLost ? [wrongNamespace(involved)] : []),
    ...controllerErrors(textOf(event["reportingComponent"]) ?? "", controllerField),
    ...["reportingInstance", "action", "reason"].flatMap((name) => textErrors(event, name)),
    ...lengthErrors("message", textOf(event["message"]) ?? "", messageCharactersMax),
  ];
}

function involvedNamespace(event: KubeObject): string {
  return textOf(at(event, "involvedObject", "namespace")) ?? "";
}

function wrongNamespace(involved: string): FieldError {
  return invalidValue("involvedObject.namespace", involved, "does not match event.namespace");
}

function controllerErrors(controller: string, field: string): readonly FieldError[] {
  return [
    ...(controller === "" ? [requiredValue(field)] : []),
    ...qualifiedNameErrors(controller).map((because) => invalidValue(field, controller, because)),
  ];
}

function textErrors(event: KubeObject, name: string): readonly FieldError[] {
  const text = textOf(event[name]) ?? "";
  return text === "" ? [requiredValue(name)] : lengthErrors(name, text, charactersMax);
}

/** Kubernetes counts bytes, and does not repeat what is too long. */
function lengthErrors(field: string, text: string, max: number): readonly FieldError[] {
  if (Buffer.byteLength(text) <= max) return [];
  return [invalidValue(field, "", `can have at most ${max} characters`)];
}
