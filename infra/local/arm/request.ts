import type { IncomingHttpHeaders } from "node:http";
import type { ArmPath } from "./path.ts";

/** Who a bearer token stands for. */
export interface Caller {
  readonly objectId: string;
  readonly appId: string;
  readonly tenantId: string;
}

export interface ArmRequest {
  readonly method: string;
  readonly path: ArmPath;
  /** The whole URL as it was asked for. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** What the body holds as JSON, undefined when it is empty. */
  readonly body: unknown;
  readonly apiVersion: string;
  readonly caller: Caller;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
