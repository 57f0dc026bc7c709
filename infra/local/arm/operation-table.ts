import type { Operation } from "./operation.ts";
import type { StateFile } from "./state-file.ts";

const endedMax = 5_000;

/** Operations that run, and those that ended lately. */
export interface OperationTable {
  readonly operation: (id: string) => Operation | undefined;
  readonly saveOperation: (operation: Operation) => void;
  readonly runningOperations: () => readonly Operation[];
}

export function createOperationTable(disk: StateFile): OperationTable {
  const operations = new Map<string, Operation>();
  const running = new Set<string>();
  const keep = (operation: Operation) => {
    operations.set(operation.id, operation);
    if (operation.status === "InProgress") running.add(operation.id);
    else running.delete(operation.id);
  };
  for (const each of disk.all("operation") as readonly Operation[]) keep(each);
  return {
    operation: (id) => operations.get(id),
    saveOperation: (operation) => {
      keep(operation);
      disk.save("operation", operation.id, operation);
      const ended = oldestOver(operations, running.size + endedMax);
      if (ended === undefined) return;
      operations.delete(ended.id);
      disk.remove("operation", ended.id);
    },
    runningOperations: () => [...running].flatMap((id) => operations.get(id) ?? []),
  };
}

/** The oldest that has ended, once there are more than `countMax`. */
function oldestOver(
  operations: ReadonlyMap<string, Operation>,
  countMax: number,
): Operation | undefined {
  if (operations.size <= countMax) return undefined;
  for (const operation of operations.values()) {
    if (operation.status !== "InProgress") return operation;
  }
  return undefined;
}
