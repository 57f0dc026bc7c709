/**
 * What not every kubectl has: the first minor version that has it, and what older ones do instead.
 * A test that meets one of these asserts that the older kubectl refuses the command itself.
 *
 * @see https://github.com/kubernetes/kubernetes/tree/master/CHANGELOG
 */
export const featuresSince = {
  "auth whoami": { minor: 28, because: "older ones ask authentication.k8s.io/v1beta1 or alpha" },
  "create token": { minor: 24, because: "the command came with bound tokens" },
  events: { minor: 26, because: "`events` was `alpha events` before" },
  "explain of enums": { minor: 30, because: "older ones print no values of enums" },
  "patch of a subresource": { minor: 24, because: "the flag `--subresource` came with 1.24" },
  "prune allowlist": { minor: 26, because: "the flag was `--prune-whitelist` before" },
  "validation by the server": { minor: 25, because: "`--validate` was true or false before" },
  "wait for a value": { minor: 23, because: "`wait --for=jsonpath` came with 1.23" },
} as const satisfies Readonly<Record<string, { minor: number; because: string }>>;

export type Feature = keyof typeof featuresSince;
