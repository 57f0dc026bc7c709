import type { CoreModule, RegisteredFunction } from "./core-module.ts";
import type {
  CoreContext,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  RpcValue,
} from "./functions-core.ts";
import { errorText } from "./log.ts";

/** One event for one function. */
export interface Call {
  readonly fn: RegisteredFunction;
  readonly input: RpcValue;
  readonly triggerMetadata?: Readonly<Record<string, RpcValue>>;
  /** Given when something else already knows the invocation by this id. */
  readonly invocationId?: string;
  /** The caller's `traceparent` header. */
  readonly traceParent?: string;
  /** The answer of this call leaves through the streaming proxy. */
  readonly isStreamed?: boolean;
}

/** What a handler gave back, as the library converted it. */
export interface Attempt {
  readonly response: InvocationResponse;
  /** The handler returned nothing at all. */
  readonly isEmpty: boolean;
}

/**
 * Runs a function once, in the order of the runtime's worker: arguments, `preInvocation` hooks,
 * handler, `postInvocation` hooks, response. Rejects with what the handler threw.
 */
export async function attempt(
  core: CoreModule,
  call: Call,
  request: InvocationRequest,
): Promise<Attempt> {
  const { fn } = call;
  const context: CoreContext = {
    invocationId: request.invocationId,
    request,
    metadata: fn.metadata,
    log: (level, category, message) => core.log(level, category, message, fn.name),
  };
  const model = await core.model()?.getInvocationModel(context);
  if (model === undefined) throw new Error(`Cannot run function "${fn.name}": no model is set`);
  const args = await model.getArguments();
  const shared = {
    hookData: {},
    appHookData: core.hooks.appHookData,
    invocationContext: args.context,
  };

  context.state = "preInvocationHooks";
  const before = { ...shared, inputs: args.inputs, functionCallback: fn.callback };
  await core.hooks.run("preInvocation", before);

  context.state = "invocation";
  const after: { result: unknown; error: unknown } & typeof shared & { inputs: unknown[] } = {
    ...shared,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  try {
    after.result = await model.invokeFunction(args.context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error("Handler threw nothing");
  }

  context.state = "postInvocationHooks";
  await core.hooks.run("postInvocation", after);
  delete context.state;

  if (call.isStreamed === true) {
    const streamed = await respondStreamed(model, args.context, after);
    if (streamed.isEmpty) {
      const message = "Handler returned nothing: on Azure, a streamed request then hangs";
      core.log("warning", "system", message, fn.name);
    }
    return streamed;
  }
  if (after.error !== null && after.error !== undefined) throw asError(after.error);
  const response = await model.getResponse(args.context, after.result);
  return { response, isEmpty: isNothing(after.result) };
}

/**
 * A streamed answer leaves while the library makes the response. A handler that threw or returned
 * nothing leaves the library waiting, and on Azure the caller with it until the front end gives up;
 * here the library is told to answer 500 or 204, which also lets go of what it keeps per call.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/324
 */
async function respondStreamed(
  model: InvocationModel,
  context: unknown,
  after: { readonly result: unknown; readonly error: unknown },
): Promise<Attempt> {
  const { result, error } = after;
  if (error !== null && error !== undefined) {
    await model.getResponse(context, { status: 500 });
    throw asError(error);
  }
  const isEmpty = isNothing(result);
  const response = await model.getResponse(context, isEmpty ? { status: 204 } : result);
  return { response, isEmpty };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(errorText(thrown), { cause: thrown });
}

function isNothing(result: unknown): boolean {
  return result === null || result === undefined;
}
