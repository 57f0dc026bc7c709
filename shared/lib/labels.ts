/** Labels as Kubernetes allows them: at most 63 characters, alphanumeric at both ends. */
const labelMax = 63;
const label = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * A text as a label's name or value. A text that is one stays as it is; in any other each run of
 * characters that a label cannot have becomes one "-", the ends are cut to letters and digits, and
 * what is longer than 63 characters is cut. May be "": a legal value, not a legal name.
 *
 * `"Cost Center / EMEA"` is `"Cost-Center-EMEA"`.
 */
export function cleanLabel(text: string): string {
  if (label.test(text)) return text;
  return text
    .replace(/[^A-Za-z0-9_.]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, labelMax)
    .replace(/[^A-Za-z0-9]+$/, "");
}

/**
 * An Azure resource's tags as labels, each name and value cleaned. A tag whose name has no letter
 * or digit is left out; of two tags with one cleaned name the one that sorts first stays.
 */
export function labelsOfTags(
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const name of Object.keys(tags).toSorted()) {
    const cleaned = cleanLabel(name);
    if (cleaned !== "" && !(cleaned in labels)) labels[cleaned] = cleanLabel(tags[name] ?? "");
  }
  return labels;
}
