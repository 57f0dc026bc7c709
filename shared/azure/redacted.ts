/**
 * Text and details as a log may keep them. No caller logs a credential or an object's content; this
 * is for what an error of a library, or a mistake, brings along.
 */
const hidden = "[redacted]";

/** What looks like a credential, wherever it stands. */
const credentials: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/\b(Bearer|Basic|SharedKey|SharedAccessSignature)\s+[^\s"',;]{4,}/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)*/g, hidden],
  [
    /\b(AccountKey|SharedAccessKey|client_secret|client_assertion|sig)=[^&;\s"']+/gi,
    `$1=${hidden}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(-----END|$)/g, hidden],
];

/** Names of details whose value is a credential, or may hold one. */
const hiddenNames: readonly RegExp[] = [
  /^(authorization|cookie|data|stringData|body|manifests?|objects?|kubeconfig|items)$/i,
  /token|password|secret|accountKey|connectionString/i,
];

export function redacted(text: string): string {
  return credentials.reduce((safe, [pattern, shown]) => safe.replace(pattern, shown), text);
}

/** For `JSON.stringify`: an error is its stack and causes, and what its name says is hidden. */
export function redactingReplacer(name: string, value: unknown): unknown {
  if (hiddenNames.some((each) => each.test(name)) && value !== undefined && value !== null)
    return hidden;
  if (!(value instanceof Error)) return value;
  return { error: value.stack, ...(value.cause !== undefined && { cause: value.cause }) };
}

/** An error's stack and the messages of its causes. */
export function redactedError(error: unknown): string {
  if (!(error instanceof Error)) return redacted(String(error));
  const causes: string[] = [];
  let { cause } = error;
  for (; cause instanceof Error && causes.length < causesMax; { cause } = cause) {
    causes.push(`caused by ${cause.name}: ${cause.message}`);
  }
  return redacted([error.stack ?? String(error), ...causes].join("\n"));
}

const causesMax = 5;
