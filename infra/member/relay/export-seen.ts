import type { Instant } from "../../../shared/lib/instant.ts";
import type { ExportSeen, Validity } from "../../../shared/traffic/model.ts";
import type { ExportKept, ServiceKept } from "./objects.ts";

const weightMax = 1000;
const weightDefault = 1;

/**
 * An export as the fleet is told of it; null once it is deleted. A weight that cannot be read makes
 * the export invalid, and the fleet then leaves it as it was.
 */
export function exportSeen(
  from: ExportKept,
  service: ServiceKept | undefined,
  readyEndpoints: number,
): ExportSeen | null {
  if (from.isDeleting) return null;
  const exported = service?.isDeleting === true ? undefined : service;
  const weight = weightOf(from.weight);
  return {
    uid: from.uid,
    createdAt: from.createdAt as Instant,
    validity: validityOf(exported, weight),
    weight: weight ?? weightDefault,
    readyEndpoints,
    ...(exported?.service !== undefined && { service: exported.service }),
  };
}

function validityOf(service: ServiceKept | undefined, weight: number | undefined): Validity {
  if (service === undefined) return "ServiceNotFound";
  if (service.service === undefined) return "ServiceIneligible";
  return weight === undefined ? "ServiceExportInvalidWeightAnnotation" : "ServiceIsValid";
}

/** Undefined for what is not a whole number from 0 to 1000. */
function weightOf(text: string | undefined): number | undefined {
  if (text === undefined) return weightDefault;
  const weight = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  return weight !== undefined && weight <= weightMax ? weight : undefined;
}

/** The sentence of the condition `Valid`. */
export function messageOf(validity: Validity, name: string, { weight }: ExportSeen): string {
  switch (validity) {
    case "ServiceIsValid":
      return weight === 0
        ? `exported service ${name} with 0 weight`
        : `service ${name} is valid for export`;
    case "ServiceNotFound":
      return `service ${name} is not found`;
    case "ServiceIneligible":
      return `service ${name} is not eligible for export: it is headless or an ExternalName`;
    case "ServiceExportInvalidWeightAnnotation":
      return "the weight annotation must be a whole number from 0 to 1000";
    default:
      return validity satisfies never;
  }
}
