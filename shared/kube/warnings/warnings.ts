import type { KubeObject } from "../served-kind.ts";

/**
 * What a client should change about an object that is taken all the same, a sentence each, in
 * Kubernetes' words and order. `before` is left out on create. It is an iterator, so that whoever
 * wants the first of very many makes no others.
 *
 * @see https://kubernetes.io/blog/2020/09/03/warnings/
 */
export type Warnings = (object: KubeObject, before?: KubeObject) => Iterable<string>;

/** More do not fit into the headers of an answer. */
const warningsMax = 200;

/** Adds what an object is warned of to what its writer is told. */
export function tellWarnings(
  warn: Warnings | undefined,
  told: string[],
  ...objects: Parameters<Warnings>
): void {
  if (warn === undefined) return;
  let count = 0;
  for (const warning of warn(...objects)) {
    if (count >= warningsMax) return;
    told.push(warning);
    count += 1;
  }
}
