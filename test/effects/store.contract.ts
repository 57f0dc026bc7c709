/**
 * What every store must do, whatever it keeps its documents in. A store's own test file calls
 * `storeContract` with a way to open it.
 */
import { changesContract } from "./store/changes.contract.ts";
import { commitsContract } from "./store/commits.contract.ts";
import { preconditionsContract } from "./store/preconditions.contract.ts";
import { racesContract } from "./store/races.contract.ts";
import { readsContract } from "./store/reads.contract.ts";
import type { OpenStore } from "./store/subject.ts";

export function storeContract(name: string, open: OpenStore): void {
  readsContract(name, open);
  commitsContract(name, open);
  preconditionsContract(name, open);
  racesContract(name, open);
  changesContract(name, open);
}
