const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;

export type HookName = (typeof hookNames)[number];
type Hook = (context: object) => unknown;

/** The hooks that an app registers through `app.hook`. */
export interface Hooks {
  /** What all hooks of an app share, for as long as the host runs. */
  readonly appHookData: object;
  /** Throws a RangeError for an unknown name, marked as the library expects a system error. */
  add(name: string, hook: Hook): () => void;
  /** Runs the hooks of a name one after another, in the order of their registration. */
  run(name: HookName, context: object): Promise<void>;
  /** The same for hooks that cannot wait, which are those of `log`. */
  runNow(name: HookName, context: object): void;
}

export function createHooks(): Hooks {
  const hooks: Record<HookName, Hook[]> = {
    appStart: [],
    appTerminate: [],
    preInvocation: [],
    postInvocation: [],
    log: [],
  };
  return {
    appHookData: {},
    add: (name, hook) => {
      const known = hookNames.find((each) => each === name);
      if (known === undefined) {
        const error = new RangeError(
          `Cannot register hook "${name}": must be one of ${hookNames.join(", ")}`,
        );
        throw Object.assign(error, { isAzureFunctionsSystemError: true });
      }
      hooks[known].push(hook);
      return () => {
        hooks[known] = hooks[known].filter((each) => each !== hook);
      };
    },
    run: async (name, context) => {
      for (const hook of hooks[name]) await hook(context);
    },
    runNow: (name, context) => {
      for (const hook of hooks[name]) hook(context);
    },
  };
}
