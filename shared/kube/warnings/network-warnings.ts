import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, objectOf, textOf } from "../json.ts";
import {
  defaultedSpec,
  isHeadless,
  serviceType,
} from "../validation/networking/defaulted-service.ts";
import {
  addressListWarnings,
  addressWarnings,
  blockListWarnings,
  blockWarnings,
} from "./address-warnings.ts";
import type { Warnings } from "./warnings.ts";

const hintsAnnotation = "service.kubernetes.io/topology-aware-hints";
const modeAnnotation = "service.kubernetes.io/topology-mode";

/**
 * Fields of a Service that do nothing, and addresses that are written in a way of their own.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
export const serviceWarnings: Warnings = function* (service, before) {
  const spec = defaultedSpec(service["spec"], before?.["spec"]) ?? {};
  const type = serviceType(spec);
  if (at(service.metadata, "annotations", hintsAnnotation) !== undefined) {
    yield `annotation ${hintsAnnotation} is deprecated, please use ${modeAnnotation} instead`;
  }
  if (type === "ClusterIP" && isHeadless(spec)) yield* headlessWarnings(spec);
  else yield* addressListWarnings(spec["clusterIPs"], "spec.clusterIPs");
  yield* addressListWarnings(spec["externalIPs"], "spec.externalIPs");
  yield* addressWarnings(spec["loadBalancerIP"], "spec.loadBalancerIP");
  yield* blockListWarnings(spec["loadBalancerSourceRanges"], "spec.loadBalancerSourceRanges");
  if (type === "ExternalName" && arrayOf(spec["externalIPs"]).length > 0) {
    yield 'spec.externalIPs is ignored when spec.type is "ExternalName"';
  }
  if (type !== "ExternalName" && textOf(spec["externalName"])) {
    yield 'spec.externalName is ignored when spec.type is not "ExternalName"';
  }
};

/** Without an address of its own nothing else reaches it either. */
function* headlessWarnings(spec: JsonObject): Iterable<string> {
  if (textOf(spec["loadBalancerIP"])) yield "spec.loadBalancerIP is ignored for headless services";
  if (arrayOf(spec["externalIPs"]).length > 0) {
    yield "spec.externalIPs is ignored for headless services";
  }
  const affinity = textOf(spec["sessionAffinity"]) || "None";
  if (affinity !== "None") yield "spec.SessionAffinity is ignored for headless services";
}

/** A new Ingress whose class is named by an annotation alone. */
export const ingressWarnings: Warnings = function* (ingress, before) {
  const name = "kubernetes.io/ingress.class";
  const isNamed = isString(at(ingress, "spec", "ingressClassName"));
  const isAnnotated = at(ingress.metadata, "annotations", name) !== undefined;
  if (before !== undefined || isNamed || !isAnnotated) return;
  yield `annotation "${name}" is deprecated, please use 'spec.ingressClassName' instead`;
};

/** Blocks of addresses of a NetworkPolicy. */
export const networkPolicyWarnings: Warnings = function* (policy) {
  for (const [rules, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const) {
    for (const [index, rule] of arrayOf(at(policy, "spec", rules)).entries()) {
      for (const [position, peer] of arrayOf(at(rule, peers)).entries()) {
        const path = `spec.${rules}[${index}].${peers}[${position}].ipBlock`;
        const block = objectOf(at(peer, "ipBlock"));
        yield* blockWarnings(block["cidr"], `${path}.cidr`);
        yield* blockListWarnings(block["except"], `${path}.except`);
      }
    }
  }
};

/** Addresses of Endpoints, ready or not. */
export const endpointsWarnings: Warnings = function* (endpoints) {
  for (const [index, subset] of arrayOf(endpoints["subsets"]).entries()) {
    for (const list of ["addresses", "notReadyAddresses"]) {
      yield* ipWarnings(at(subset, list), `subsets[${index}].${list}`);
    }
  }
};

function* ipWarnings(addresses: Json | undefined, path: string): Iterable<string> {
  for (const [index, address] of arrayOf(addresses).entries()) {
    yield* addressWarnings(at(address, "ip"), `${path}[${index}].ip`);
  }
}

/** Addresses of an EndpointSlice; those of names are names. */
export const endpointSliceWarnings: Warnings = function* (slice) {
  for (const [index, endpoint] of arrayOf(slice["endpoints"]).entries()) {
    yield* addressListWarnings(at(endpoint, "addresses"), `endpoints[${index}].addresses`);
  }
};
