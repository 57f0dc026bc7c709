import type { Presentation } from "../http/negotiate.ts";
import type { KubeApi } from "../kube-api.ts";
import type { ServedKind, ServedVersion } from "../served-kind.ts";

/** A request for a resource, as its path says; the rest is read by who serves it. */
export interface ResourceRequest {
  readonly api: KubeApi;
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly kind: ServedKind;
  readonly version: ServedVersion;
  /** Left out for cluster-scoped kinds and for lists over all namespaces. */
  readonly namespace?: string;
  /** Left out for collections. */
  readonly name?: string;
  /** "status", "scale", "finalize" */
  readonly subresource?: string;
  readonly presentation: Presentation;
}

/** A request for one object. */
export type ObjectRequest = ResourceRequest & { readonly name: string };
