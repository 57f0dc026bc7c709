/** Kubernetes versions, as AKS writes them: "1.34.1", or "1.34" for any patch of it. */

/** The version is the target or newer; "1.34.1" is at "1.34". */
export function isAtOrAhead(version: string, target: string): boolean {
  const wanted = numbersOf(target);
  const running = numbersOf(version);
  for (const [index, number] of wanted.entries()) {
    const difference = (running[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** A leading "v" is fine: ARM's own tools accept it. */
const numbersOf = (version: string): number[] =>
  version
    .replace(/^v/i, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
