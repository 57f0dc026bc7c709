import type { Instant } from "../../lib/instant.ts";
import type { Json } from "../../lib/kube-object.ts";

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** How long ago a time was: "5m"; "<unknown>" for none, "<invalid>" for what is no time. */
export function ageOf(time: Json | undefined, now: Instant): string {
  if (time === undefined || time === null || time === "" || time === "null") return "<unknown>";
  const since = typeof time === "string" && timestamp.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(since) ? "<invalid>" : humanDuration(Date.parse(now) - since);
}

/**
 * A duration as kubectl shows it: "45s", "3m12s", "5h2m", "26h", "3d4h", "92d", "2y30d".
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/duration#HumanDuration
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return twoUnits(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? twoUnits(years, "y", days % 365, "d") : `${years}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
