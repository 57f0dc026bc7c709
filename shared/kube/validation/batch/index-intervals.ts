/** How many digits of an index are read: more than any Job's completions have. */
const digitsMax = 18;

/**
 * How many of a Job's indexes a text like "0,2-5,9" names, each below `completions`, or what is
 * wrong with the text, in Kubernetes' words.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#success-policy
 */
export function indexCount(text: string, completions: number): number | string {
  if (text === "") return 0;
  let count = 0;
  let last = -1;
  for (const part of text.split(",")) {
    const interval = intervalOf(part, completions);
    if (typeof interval === "string") return interval;
    const [first, end] = interval;
    if (last >= first) return notIncreasing(last, first);
    count += end - first + 1;
    last = end;
  }
  return count;
}

/** "3" or "2-5" */
function intervalOf(text: string, completions: number): readonly [number, number] | string {
  const [low = "", high, ...others] = text.split("-");
  if (others.length > 0) {
    const because = "an index interval can have at most two parts separated by '-'";
    return `the fragment ${JSON.stringify(text)} violates the requirement that ${because}`;
  }
  const first = indexOf(low, completions);
  if (typeof first === "string") return first;
  if (high === undefined) return [first, first];
  const end = indexOf(high, completions);
  if (typeof end === "string") return end;
  return first >= end ? notIncreasing(first, end) : [first, end];
}

function indexOf(text: string, completions: number): number | string {
  if (!/^\+?[0-9]+$/.test(text) || text.length > digitsMax) {
    return `cannot convert string to integer for index: ${JSON.stringify(text)}`;
  }
  const index = Number(text);
  return index >= completions ? `too large index: ${JSON.stringify(text)}` : index;
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}
