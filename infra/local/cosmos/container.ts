import type { ContainerDefinition } from "./definitions.ts";
import type { IndexingPolicy } from "./indexing-policy.ts";
import type { Replica } from "./replica.ts";
import type { ReadView } from "./stale-reads.ts";

/** A container at work. Writes are decided on `newest`; reads are served from `reads`. */
export interface Container {
  readonly number: number;
  readonly database: string;
  readonly definition: ContainerDefinition;
  /** The name of the one property that holds the partition key. */
  readonly partitionKeyName: string;
  readonly policy: IndexingPolicy;
  readonly newest: Replica;
  readonly reads: ReadView;
}

/** The one physical partition's token: range, epoch and log sequence number. */
export function sessionToken(lsn: number): string {
  return `0:-1#${lsn}`;
}
