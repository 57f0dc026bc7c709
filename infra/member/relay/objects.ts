/** What the relay keeps of the objects that it watches: a small part, so that it stays small. */
import type { ExportedService, ServicePort } from "../../../shared/traffic/model.ts";

interface Named {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly resourceVersion: string;
  };
}

/** A ServiceExport. */
export interface ExportKept extends Named {
  readonly uid: string;
  readonly createdAt: string;
  readonly generation: number;
  readonly isDeleting: boolean;
  /** The annotation `networking.fleet.azure.com/weight`, as it was written. */
  readonly weight?: string;
  /** Its condition `Valid`. */
  readonly valid?: ValidCondition;
}

export interface ValidCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export interface ServiceKept extends Named {
  readonly isDeleting: boolean;
  /** Undefined: of type ExternalName, or headless. */
  readonly service?: ExportedService;
}

export interface SliceKept extends Named {
  /** The Service's name; "" for a slice of none. */
  readonly service: string;
  readonly readyEndpoints: number;
}

/** An object as the API server sends it. All that is read of it is checked here. */
interface Received {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string | Date;
    readonly deletionTimestamp?: string | Date;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
}
interface ReceivedExport extends Received {
  readonly status?: {
    readonly conditions?: readonly (Partial<ValidCondition> & { readonly type?: string })[];
  };
}
interface ReceivedService extends Received {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly sessionAffinity?: string;
    readonly ports?: readonly (Partial<ServicePort> & { readonly port: number })[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  };
}
interface ReceivedSlice extends Received {
  readonly addressType?: string;
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

const weightAnnotation = "networking.fleet.azure.com/weight";
const internalAnnotation = "service.beta.kubernetes.io/azure-load-balancer-internal";

export function keepExport({ metadata, status }: ReceivedExport): ExportKept {
  const valid = status?.conditions?.find(({ type }) => type === "Valid");
  const weight = metadata?.annotations?.[weightAnnotation];
  return {
    ...named(metadata),
    uid: metadata?.uid ?? "",
    createdAt: new Date(metadata?.creationTimestamp ?? 0).toISOString(),
    generation: metadata?.generation ?? 0,
    isDeleting: metadata?.deletionTimestamp !== undefined,
    ...(weight !== undefined && { weight }),
    ...(valid !== undefined && {
      valid: {
        status: valid.status ?? "",
        reason: valid.reason ?? "",
        message: valid.message ?? "",
        observedGeneration: valid.observedGeneration ?? 0,
        lastTransitionTime: valid.lastTransitionTime ?? "",
      },
    }),
  };
}

export function keepService({ metadata, spec, status }: ReceivedService): ServiceKept {
  const type = spec?.type ?? "ClusterIP";
  const kept = { ...named(metadata), isDeleting: metadata?.deletionTimestamp !== undefined };
  if (type === "ExternalName" || spec?.clusterIP === "None") return kept;
  return {
    ...kept,
    service: {
      uid: metadata?.uid ?? "",
      type: type as ExportedService["type"],
      ports: (spec?.ports ?? []).map(({ name = "", protocol = "TCP", port, appProtocol }) => ({
        name,
        protocol,
        port,
        ...(appProtocol !== undefined && { appProtocol }),
      })),
      ingress: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : [])),
      internal: metadata?.annotations?.[internalAnnotation] === "true",
      sessionAffinity: spec?.sessionAffinity === "ClientIP" ? "ClientIP" : "None",
    },
  };
}

/** An endpoint is ready when it does not say otherwise. IPv6 slices name the same pods again. */
export function keepSlice({ metadata, addressType, endpoints }: ReceivedSlice): SliceKept {
  const counts = addressType === undefined || addressType === "IPv4";
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return {
    ...named(metadata),
    service: metadata?.labels?.["kubernetes.io/service-name"] ?? "",
    readyEndpoints: counts ? ready.length : 0,
  };
}

const named = (metadata: Received["metadata"]): Named => ({
  metadata: {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    resourceVersion: metadata?.resourceVersion ?? "",
  },
});
