/**
 * The shapes of the private module `@azure/functions-core`, as far as this host meets them. The
 * runtime's Node worker provides that module and no package types it, so they are written here.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-worker
 */
export type LogLevel =
  | "trace"
  | "debug"
  | "information"
  | "warning"
  | "error"
  | "critical"
  | "none";

/** A value on its way between host and worker. A `string` that parses as JSON arrives parsed. */
export interface RpcValue {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: RpcHttp;
}

export type RpcTexts = Readonly<Record<string, { readonly value: string }>>;

/** A request (method, url, nullable maps) or a response (status code, headers, cookies). */
export interface RpcHttp {
  readonly method?: string;
  readonly url?: string;
  readonly statusCode?: string;
  readonly body?: RpcValue | null | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly RpcCookie[];
  readonly nullableHeaders?: RpcTexts;
  readonly nullableQuery?: RpcTexts;
  readonly nullableParams?: RpcTexts;
}

type Nullable<Value> = { readonly value: Value } | undefined;

export interface RpcCookie {
  readonly name: string;
  readonly value: string;
  readonly sameSite?: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds: number }>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  readonly maxAge?: Nullable<number>;
}

/** One binding of a function: its type and direction, and whatever its kind of binding adds. */
export interface Binding {
  readonly type: string;
  readonly direction: "in" | "out";
  readonly [option: string]: unknown;
}

interface RpcDuration {
  readonly seconds?: number;
}

export interface RetryOptions {
  readonly retryStrategy: "fixedDelay" | "exponentialBackoff";
  /** -1 retries for ever. */
  readonly maxRetryCount: number;
  readonly delayInterval?: RpcDuration | undefined;
  readonly minimumInterval?: RpcDuration | undefined;
  readonly maximumInterval?: RpcDuration | undefined;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: RetryOptions | undefined;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface NamedValue {
  readonly name: string;
  readonly data?: RpcValue | null;
}

export interface RetryContext {
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception?: { readonly message: string };
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly NamedValue[];
  readonly triggerMetadata: Readonly<Record<string, RpcValue>>;
  readonly traceContext?: { readonly traceParent: string };
  readonly retryContext?: RetryContext;
}

export interface InvocationResponse {
  readonly outputData?: readonly NamedValue[];
  readonly returnValue?: RpcValue | null | undefined;
}

export interface CoreContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks";
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export type LogCategory = "user" | "system";

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** What `@azure/functions` registers, and what runs each invocation. */
export interface ProgrammingModel {
  getInvocationModel(context: CoreContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}
