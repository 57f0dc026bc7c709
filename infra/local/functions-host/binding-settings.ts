/** App settings: the environment, as on Azure. */
export type AppSettings = Readonly<Record<string, string | undefined>>;

/**
 * Replaces each `%NAME%` by that app setting. Throws an Error that names the setting when it is
 * not there.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns
 */
export function resolveSettings(text: string, settings: AppSettings): string {
  return text.replace(/%([^%]+)%/g, (_expression, name: string) => {
    const value = settings[name];
    if (value === undefined) {
      throw new Error(`Cannot resolve "${text}": app setting "${name}" must be set`);
    }
    return value;
  });
}

/** The settings behind the `connection` of a binding: one connection string, or its parts. */
export type ConnectionSettings =
  | { readonly kind: "connection-string"; readonly connectionString: string }
  | { readonly kind: "parts"; readonly parts: Readonly<Record<string, string>> };

/**
 * Finds what a binding's `connection` names: the setting itself, or those that begin with its name
 * and two underscores. As on Azure a name may also be given with `AzureWebJobs` before it.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference#connections
 */
export function findConnection(name: string, settings: AppSettings): ConnectionSettings {
  for (const prefix of [name, `AzureWebJobs${name}`]) {
    const connectionString = settings[prefix];
    if (connectionString !== undefined && connectionString !== "") {
      return { kind: "connection-string", connectionString };
    }
    const parts: Record<string, string> = {};
    for (const [key, value] of Object.entries(settings)) {
      if (key.startsWith(`${prefix}__`) && value !== undefined) {
        parts[key.slice(prefix.length + 2)] = value;
      }
    }
    if (Object.keys(parts).length > 0) return { kind: "parts", parts };
  }
  throw new Error(
    `Cannot connect "${name}": app setting "${name}" or settings "${name}__..." must be set`,
  );
}

/** Says whether the app setting `AzureWebJobs.NAME.Disabled` turns a function off. */
export function isDisabled(functionName: string, settings: AppSettings): boolean {
  return /^(?:1|true)$/i.test(settings[`AzureWebJobs.${functionName}.Disabled`] ?? "");
}
