import type { Clock } from "../effects/clock.ts";
import type { Log } from "../effects/log.ts";
import type { Store } from "../effects/store.ts";
import type { FleetId } from "../lib/document.ts";
import type { Admission } from "./admission.ts";
import type { Kinds } from "./kinds.ts";
import type { PolicyRule } from "./rbac/policy-rule.ts";
import type { WatchSource } from "./watch/watch-source.ts";

/** Who asks, as `kubectl auth whoami` shows it and managed fields never do. */
export interface KubeCaller {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** Other names that bindings may know the caller by. */
  readonly aliases?: readonly string[];
  /** More that is known of the caller, by name. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a request wants to do: the attributes that Kubernetes' RBAC rules speak about. */
export type AccessAttributes =
  | {
      readonly kind: "resource";
      /** "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection" */
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly kind: "path"; readonly verb: string; readonly path: string };

export type Access =
  | { readonly allowed: true; readonly reason?: string }
  /** "" when there is nothing to say that helps. */
  | { readonly allowed: false; readonly reason: string };

/** All that somebody may do, as `kubectl auth can-i --list` shows it. */
export interface AccessRules {
  readonly rules: readonly PolicyRule[];
  /** Why there may be more than these. */
  readonly incomplete?: string;
}

/** Whether a token is good, for which of the audiences that were asked about. */
export type TokenVerdict =
  | { readonly user: KubeCaller; readonly audiences: readonly string[] }
  /** Why it is not. */
  | { readonly error: string };

/** One Kubernetes API: which documents it shows, as which kinds, to whom. */
export interface KubeApi {
  readonly store: Store;
  /** The partition of the store that holds the objects. */
  readonly fleet: FleetId;
  readonly kinds: Kinds;
  /** What stands before `/api`, `/apis` and `/openapi` in a request's path; "" for nothing. */
  readonly basePath: string;
  readonly clock: Clock;
  /** A new UUID on each call. */
  readonly ids: () => string;
  readonly watch: WatchSource;
  /** "1.34.1" */
  readonly serverVersion: string;
  /** Left out: "system:anonymous". */
  readonly caller?: KubeCaller;
  /** Left out: everything is allowed. */
  readonly authorize?: (attributes: AccessAttributes) => Access | Promise<Access>;
  /** Whether somebody else may do something; left out: nobody is told. */
  readonly authorizeFor?: (
    user: KubeCaller,
    attributes: AccessAttributes,
  ) => Access | Promise<Access>;
  /** All that the caller may do in a namespace; left out: not told. */
  readonly rules?: (namespace: string) => AccessRules | Promise<AccessRules>;
  /** Whom a bearer token stands for; left out: nobody is told. */
  readonly reviewToken?: (token: string, audiences: readonly string[]) => Promise<TokenVerdict>;
  /** Refuses writes; left out: all that are allowed and valid are made. */
  readonly admit?: Admission;
  /**
   * Whether somebody carries deletions on, to the content of namespaces and to dependents. Only
   * then are the finalizers of propagation policies "Foreground" and "Orphan" set: nobody else
   * would ever remove them.
   */
  readonly collectsGarbage?: boolean;
  /** The id of this request in logs and answers; left out: what the client says, or a new one. */
  readonly auditId?: string;
  /** Told what nobody foresaw; the client sees a bare 500. */
  readonly log?: Log;
}
