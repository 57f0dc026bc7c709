/** What sets one ARM resource apart: the only place where resources differ. */
import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import type { Fleet, SystemData } from "../fleet/model.ts";
import type { Document, Key, Kind, Precondition, Write } from "../lib/document.ts";
import type { ResourcePath } from "./arm-path.ts";

/** What the ARM face needs to know of where it runs. */
export interface AdminFace {
  /** Where callers reach us, without a slash at the end: "https://fleet.contoso.com". */
  readonly publicUrl: string;
  /** Where a caller without a token gets one: "https://login.microsoftonline.com/TENANT". */
  readonly authorizationUri?: string;
  /** The kubeconfig of a fleet's hub, as YAML. */
  kubeconfigFor(fleet: Fleet, caller: Caller): string | Promise<string>;
}

/** One request, as far as a resource needs it. */
export interface AdminCall {
  readonly effects: Effects;
  readonly face: AdminFace;
  readonly caller: Caller;
  readonly apiVersion: string;
  readonly path: ResourcePath;
  /** Of the resource itself. */
  readonly key: Key;
  /** What the resource is in; undefined for a fleet that is not there yet. */
  readonly fleet: Document<Fleet> | undefined;
}

/** What is shown besides id, name, type and eTag. */
export interface Shown {
  readonly systemData: SystemData;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a request makes of a resource, in one commit. */
export interface Change<Body> {
  readonly body: Body;
  /** Left out: as they were. */
  readonly refs?: readonly string[];
  /** Other documents that change with it. */
  readonly writes?: readonly Write[];
  readonly require?: readonly Precondition[];
}

/** How a resource goes. */
export interface Removal {
  readonly writes: readonly Write[];
  readonly require?: readonly Precondition[];
  /** "gone": with this commit. "later": a controller ends it. "again": there is more to remove. */
  readonly kind: "gone" | "later" | "again";
}

export type Action<Body> =
  | {
      readonly kind: "change";
      /** Answered with the resource as it is after the change. */
      change(document: Document<Body>, call: AdminCall): Promise<Change<Body>>;
    }
  | {
      readonly kind: "reply";
      reply(document: Document<Body>, call: AdminCall): Promise<unknown>;
    };

export interface ServedResource<Body = unknown> {
  /** Below the provider, in the documented case: "fleets/updateRuns". */
  readonly type: string;
  readonly kind: Kind<Body>;
  readonly nameMax: number;
  /** Who may change it: what runs is for writers, who is in the fleet for administrators. */
  readonly changedBy: "writer" | "administrator";
  /** Resources on one page of a list. */
  readonly pageMax: number;
  show(document: Document<Body>, call: AdminCall): Promise<Shown>;
  /** PUT: throws what is wrong with the body. */
  put(body: unknown, before: Document<Body> | undefined, call: AdminCall): Promise<Change<Body>>;
  /** PATCH; left out where ARM has none. */
  patch?(body: unknown, before: Document<Body>, call: AdminCall): Promise<Change<Body>>;
  remove(document: Document<Body>, call: AdminCall): Promise<Removal>;
  /** POST, by lower-cased name. */
  readonly actions?: Readonly<Record<string, Action<Body>>>;
}

/** Forgets the type of one resource's documents, so that a list can hold them all. */
export function served<Body>(one: ServedResource<Body>): ServedResource {
  return one as unknown as ServedResource;
}
