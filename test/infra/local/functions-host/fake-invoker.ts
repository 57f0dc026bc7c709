import type { Call } from "../../../../infra/local/functions-host/attempt.ts";
import type { RegisteredFunction } from "../../../../infra/local/functions-host/core-module.ts";
import type { Invoker } from "../../../../infra/local/functions-host/invoke.ts";
import type { LogEntry } from "../../../../infra/local/functions-host/log.ts";

/** A registered function with a trigger of this type and these options. */
export function registered(
  type: string,
  options: Readonly<Record<string, unknown>> = {},
): RegisteredFunction {
  const binding = { ...options, type, direction: "in" as const };
  return {
    name: "tested",
    metadata: { name: "tested", bindings: { input: binding } },
    callback: () => {},
    trigger: { bindingName: "input", type: type.toLowerCase(), options: binding },
  };
}

/** An invoker that does what the test says with each call, and keeps the calls. */
export function fakeInvoker(work: (call: Call) => Promise<void> = async () => {}) {
  const calls: Call[] = [];
  const invoker: Invoker = {
    run: async (call) => {
      calls.push(call);
      await work(call);
      return { response: {}, isEmpty: true };
    },
    inFlight: () => ({}),
  };
  return { invoker, calls };
}

export function keptLog() {
  const entries: LogEntry[] = [];
  return { log: (entry: LogEntry) => void entries.push(entry), entries };
}
