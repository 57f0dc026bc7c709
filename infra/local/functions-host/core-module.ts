import Module from "node:module";
import type {
  Binding,
  FunctionCallback,
  FunctionMetadata,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./functions-core.ts";
import { createHooks, type Hooks } from "./hooks.ts";
import type { Log } from "./log.ts";

/** A function as the app registered it, with the one binding that triggers it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  readonly trigger: Trigger;
}

export interface Trigger {
  /** The name of the binding, under which the library expects the trigger's input. */
  readonly bindingName: string;
  /** In lower case: `httptrigger`, `timertrigger`, ... */
  readonly type: string;
  readonly options: Binding;
}

/** What the runtime's Node worker is to an app: the module that `@azure/functions` looks for. */
export interface CoreModule {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly hooks: Hooks;
  /** The library's model, or undefined when the app has registered nothing. */
  model(): ProgrammingModel | undefined;
  /** Logs through the app's `log` hooks, which may change what a function says. */
  log(level: LogLevel, category: LogCategory, message: string, functionName?: string): void;
  /** From now on a registration is an error, as on Azure once the app has started. */
  closeRegistration(): void;
  uninstall(): void;
}

/**
 * Makes `require("@azure/functions-core")` answer in this process, as the runtime's worker does:
 * by wrapping `Module.prototype.require`, which CommonJS, ESM and bundled apps all pass through.
 * Call it before anything imports `@azure/functions`, which asks once and remembers the answer.
 */
export function provideCoreModule(sink: Log): CoreModule {
  const functions = new Map<string, RegisteredFunction>();
  const hooks = createHooks();
  let model: ProgrammingModel | undefined;
  let isOpen = true;

  function log(level: LogLevel, category: LogCategory, message: string, functionName?: string) {
    const entry = { hookData: {}, appHookData: hooks.appHookData, level, category, message };
    hooks.runNow("log", entry);
    const seen = category === "user" ? entry : { level, message };
    const source = functionName === undefined ? {} : { functionName };
    sink({ level: seen.level, message: seen.message, category, ...source });
  }

  const uninstall = answerRequire("@azure/functions-core", {
    version: "4.0.0",
    hostVersion: "4.1000.0",
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
      if (!isOpen) {
        throw new Error(`Cannot register function "${metadata.name}": the app has started`);
      }
      if (functions.has(metadata.name)) {
        throw new Error(`Cannot register function "${metadata.name}": the name is taken`);
      }
      functions.set(metadata.name, registered(metadata, callback));
      return { dispose: () => functions.delete(metadata.name) };
    },
    setProgrammingModel: (registeredModel: ProgrammingModel) => {
      model = registeredModel;
    },
    getProgrammingModel: () => model,
    registerHook: (name: string, hook: (context: object) => unknown) => ({
      dispose: hooks.add(name, hook),
    }),
    log,
  });

  return {
    functions,
    hooks,
    model: () => model,
    log,
    closeRegistration: () => {
      isOpen = false;
    },
    uninstall,
  };
}

function answerRequire(name: string, answer: object): () => void {
  const prototype: { require: (id: string) => unknown } = Module.prototype;
  const original = prototype.require;
  prototype.require = function requireOrAnswer(this: unknown, id: string) {
    return id === name ? answer : original.call(this, id);
  };
  return () => {
    prototype.require = original;
  };
}

/** The runtime's rule for names. */
const functionName = /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i;

function registered(metadata: FunctionMetadata, callback: FunctionCallback): RegisteredFunction {
  const { name, bindings } = metadata;
  if (!functionName.test(name)) {
    throw new Error(
      `Cannot register function "${name}": must start with a letter, hold letters, digits, "_" ` +
        `or "-", be up to 128 long, and not be "host"`,
    );
  }
  const entries = Object.entries(bindings);
  const trigger = entries.find(([, { type }]) => /trigger$/i.test(type));
  if (trigger === undefined) {
    throw new Error(`Cannot register function "${name}": has no trigger`);
  }
  const other = entries.find(([, { type }]) => !/trigger$/i.test(type) && type !== "http");
  if (other !== undefined) {
    throw new Error(
      `Cannot register function "${name}": binding "${other[1].type}" does not exist on this host`,
    );
  }
  const [bindingName, options] = trigger;
  const type = options.type.toLowerCase();
  return { name, metadata, callback, trigger: { bindingName, type, options } };
}
