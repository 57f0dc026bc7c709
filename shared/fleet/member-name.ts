import { shortHash } from "../lib/hash.ts";
import type { ClusterId, MemberName } from "./model.ts";

/** ARM's limit for members, update groups, stages and runs. */
const nameMax = 50;
const hashLength = 6;

/**
 * The names that a cluster may get as a member, best first.
 *
 * The first is the cluster's own name, in lower case, with each run of other characters than
 * letters and digits as one "-". A cluster whose name is taken by another cluster gets "-" and six
 * hexadecimal digits of the SHA-256 of its lower-cased ARM id behind it: "aks-1", "aks-1-3f9c21".
 */
export function memberNames(clusterName: string, cluster: ClusterId): readonly MemberName[] {
  const plain = clean(clusterName, nameMax) || "cluster";
  const short = clean(plain, nameMax - hashLength - 1);
  return [plain, `${short}-${shortHash(cluster, hashLength)}`] as MemberName[];
}

const clean = (text: string, length: number): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, length)
    .replace(/-+$/, "");
