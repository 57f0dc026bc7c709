import { randomUUID } from "node:crypto";
import { type Attempt, attempt, type Call } from "./attempt.ts";
import type { CoreModule } from "./core-module.ts";
import type { RetryContext } from "./functions-core.ts";
import { errorLine, errorText } from "./log.ts";
import { pause } from "./pause.ts";
import { retryDelayMilliseconds } from "./retry-policy.ts";

export interface Invoker {
  /**
   * Runs a call to its end, retries included, and rejects with the handler's error when it failed.
   * The failure is logged here.
   */
  run(call: Call): Promise<Attempt>;
  /** How many calls of each function are running. */
  inFlight(): Readonly<Record<string, number>>;
}

/**
 * Retries follow the registration where the trigger has a retry policy at all, which is so for
 * timers and the change feed; they happen in memory and hold the call until it succeeds.
 *
 * @param stopping ends the wait for a next retry; the call then fails with its last error
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages
 */
export function createInvoker(core: CoreModule, stopping: AbortSignal): Invoker {
  const running = new Map<string, number>();
  const inFlight = () => Object.fromEntries([...running].filter(([, count]) => count > 0));

  function count(name: string, step: 1 | -1) {
    running.set(name, (running.get(name) ?? 0) + step);
  }

  async function run(call: Call): Promise<Attempt> {
    count(call.fn.name, 1);
    try {
      return await runWithRetries(core, call, stopping);
    } finally {
      count(call.fn.name, -1);
    }
  }

  return { run, inFlight };
}

const triggersWithRetries = new Set(["timertrigger", "cosmosdbtrigger"]);

async function runWithRetries(
  core: CoreModule,
  call: Call,
  stopping: AbortSignal,
): Promise<Attempt> {
  const policy = triggersWithRetries.has(call.fn.trigger.type)
    ? call.fn.metadata.retryOptions
    : undefined;
  let retryContext: RetryContext | undefined;
  for (let retries = 0; ; retries++) {
    try {
      return await runOnce(core, call, retryContext);
    } catch (error) {
      const delayMilliseconds = policy && retryDelayMilliseconds(policy, retries);
      if (delayMilliseconds === undefined || !(await pause(delayMilliseconds, stopping))) {
        throw error;
      }
      const exception = { message: errorLine(error) };
      const maxRetryCount = policy?.maxRetryCount ?? 0;
      retryContext = { retryCount: retries + 1, maxRetryCount, exception };
    }
  }
}

async function runOnce(
  core: CoreModule,
  call: Call,
  retryContext: RetryContext | undefined,
): Promise<Attempt> {
  const { fn } = call;
  const invocationId =
    retryContext === undefined ? (call.invocationId ?? randomUUID()) : randomUUID();
  const startedAt = performance.now();
  const say = (what: string) =>
    core.log("debug", "system", `${what} 'Functions.${fn.name}' (Id=${invocationId})`, fn.name);
  say("Executing");
  try {
    const outcome = await attempt(core, call, {
      invocationId,
      functionId: fn.name,
      inputData: [{ name: fn.trigger.bindingName, data: call.input }],
      triggerMetadata: call.triggerMetadata ?? {},
      ...(call.traceParent === undefined
        ? {}
        : { traceContext: { traceParent: call.traceParent } }),
      ...(retryContext === undefined ? {} : { retryContext }),
    });
    say(`Executed in ${Math.round(performance.now() - startedAt)} ms`);
    return outcome;
  } catch (error) {
    core.log("error", "system", `Invocation failed: ${errorText(error)}`, fn.name);
    throw error;
  }
}
